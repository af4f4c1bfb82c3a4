//! How long the window takes from one frame to the next.

use crate::window::Window;
use serde_json::{Value, json};
use std::fmt;

const BEGIN: &str = "const frames = (window.frames = [])
    let last = performance.now()
    const next = (now) => {
      if (window.frames !== frames) return
      frames.push(now - last)
      last = now
      requestAnimationFrame(next)
    }
    requestAnimationFrame(next)";
const END: &str = "const { frames } = window
    window.frames = null
    return frames";

/// Milliseconds between frames.
#[derive(Debug, Clone, Copy)]
pub struct Frames {
    pub count: usize,
    pub median: f64,
    pub p95: f64,
    pub longest: f64,
}

impl fmt::Display for Frames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { count, median, p95, longest } = self;
        write!(f, "{count} frames: median {median:.0} ms, p95 {p95:.0} ms, longest {longest:.0} ms")
    }
}

impl Window<'_> {
    /// Begins to measure.
    pub async fn frames_begin(&self) {
        self.js(BEGIN, Vec::new()).await;
    }

    /// Ends it. The first frame began with the measuring and is not counted.
    pub async fn frames_end(&self) -> Frames {
        let Value::Array(all) = self.js(END, Vec::new()).await else { panic!("no frames") };
        let mut times: Vec<f64> = all.iter().skip(1).filter_map(Value::as_f64).collect();
        assert!(times.len() > 10, "only {} frames were painted: {}", times.len(), json!(times));
        times.sort_by(f64::total_cmp);
        Frames {
            count: times.len(),
            median: times[times.len() / 2],
            p95: times[times.len() * 95 / 100],
            longest: times[times.len() - 1],
        }
    }
}
