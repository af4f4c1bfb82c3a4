import { useEffect, useState } from 'react'
import { passphraseStrength } from '../backend/setup'
import type { PassphraseStrength } from '../backend/types'

const enough = 3
/** Refused whatever the score. */
const never = new Set(['too_short', 'too_long'])

/** Rust decides again; this only holds the button back. */
export const isAccepted = (strength: PassphraseStrength | null): boolean =>
  strength !== null && strength.score >= enough && !never.has(strength.warning ?? '')

const pause = 150

export type PassphraseState = {
  value: string
  repeat: string
  set: (value: string) => void
  setRepeat: (value: string) => void
  strength: PassphraseStrength | null
  same: boolean
  good: boolean
}

/** A new passphrase, typed twice and judged by Rust. Kept in the form's own state and in no cache. */
export function usePassphrase(): PassphraseState {
  const [value, setValue] = useState('')
  const [repeat, setRepeat] = useState('')
  const [strength, setStrength] = useState<PassphraseStrength | null>(null)
  const [settled, setSettled] = useState(false)
  const set = (next: string) => {
    setValue(next)
    setSettled(false)
    if (next === '') setStrength(null)
  }
  useEffect(() => {
    if (value === '') return
    let over = false
    const timer = setTimeout(() => {
      passphraseStrength(value).then(
        (judged) => {
          if (over) return
          setStrength(judged)
          setSettled(true)
        },
        () => undefined,
      )
    }, pause)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [value])
  const same = value === repeat
  return { value, repeat, set, setRepeat, strength, same, good: settled && isAccepted(strength) && same }
}
