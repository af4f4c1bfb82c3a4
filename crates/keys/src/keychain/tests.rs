//! Time limits and typed errors, on the keychain in memory. The real one: `tests/keychain.rs`.

use std::time::Instant;

use super::*;

fn keychain() -> (Keychain, InMemory) {
    let memory = InMemory::default();
    (Keychain::in_memory(memory.clone()).with_limit(Duration::from_millis(60)), memory)
}

#[tokio::test]
async fn items_come_back_until_they_are_deleted() {
    let (keychain, memory) = keychain();
    assert_eq!(keychain.read("a").await, Err(KeychainError::ItemMissing));
    keychain.write("a", b"one").await.unwrap();
    keychain.write("a", b"two").await.unwrap();
    assert_eq!(keychain.read("a").await.unwrap().expose(), b"two");
    assert_eq!(memory.accounts(), ["a"]);
    keychain.delete("a").await.unwrap();
    assert_eq!(keychain.delete("a").await, Err(KeychainError::ItemMissing));
}

#[tokio::test]
async fn what_does_not_fit_everywhere_is_not_written() {
    let (keychain, memory) = keychain();
    let large = vec![b'x'; MAX_ITEM + 1];
    assert_eq!(keychain.write("a", &large).await, Err(KeychainError::DoesNotFit(MAX_ITEM + 1)));
    assert_eq!(keychain.write("a", &[0xff]).await, Err(KeychainError::DoesNotFit(1)));
    assert!(memory.accounts().is_empty());
    keychain.write("a", &large[1..]).await.unwrap();
}

#[tokio::test]
async fn every_fault_has_its_state_and_passes() {
    let (keychain, memory) = keychain();
    for (fault, state) in [
        (Fault::Missing, State::Missing),
        (Fault::Locked, State::Locked),
        (Fault::Stuck(Duration::from_millis(400)), State::TimedOut),
    ] {
        memory.set_fault(Some(fault));
        let status = keychain.status().await;
        assert_eq!(status.state, state);
        assert!(status.detail.is_some());
        memory.set_fault(None);
        assert_eq!(keychain.status().await.state, State::Ready, "after {fault:?}");
    }
}

#[tokio::test]
async fn a_stuck_call_costs_its_limit_and_not_more() {
    let (keychain, memory) = keychain();
    memory.set_fault(Some(Fault::Stuck(Duration::from_secs(3))));
    let start = Instant::now();
    assert_eq!(keychain.read("a").await, Err(KeychainError::TimedOut));
    assert!(start.elapsed() < Duration::from_secs(1));
    // Tried again and again, no more threads are started than can be afforded.
    for _ in 0..12 {
        assert_eq!(keychain.read("a").await, Err(KeychainError::TimedOut));
    }
    memory.set_fault(None);
}

#[tokio::test]
async fn a_caller_who_leaves_does_not_hold_up_the_next() {
    let (keychain, memory) = keychain();
    memory.set_fault(Some(Fault::Stuck(Duration::from_millis(40))));
    let left = tokio::time::timeout(Duration::from_millis(5), keychain.write("a", b"x")).await;
    assert!(left.is_err());
    memory.set_fault(None);
    keychain.write("b", b"y").await.unwrap();
}

#[tokio::test]
async fn the_doctor_goes_through_every_step_and_leaves_nothing() {
    let (keychain, memory) = keychain();
    let report = keychain.doctor().await;
    assert_eq!(report.len(), 4);
    assert!(report.iter().all(|step| step.outcome.is_ok()), "{report:?}");
    assert!(memory.accounts().is_empty());
    memory.set_fault(Some(Fault::Locked));
    let report = keychain.doctor().await;
    assert_eq!(report, [Checked { check: Check::Reach, outcome: Err(KeychainError::Locked) }]);
}
