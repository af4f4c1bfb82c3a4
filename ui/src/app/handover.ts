// What has to survive the reload that locking causes: why it locked, and what was wanted next. Never anything of the session.
import type { LockReason } from '../backend/app'

const reasonKey = 'atalaya.lock-reason'
const intentKey = 'atalaya.intent'

export function rememberLock(reason: LockReason): void {
  sessionStorage.setItem(reasonKey, reason)
}

export function lastLock(): LockReason | null {
  const reason = sessionStorage.getItem(reasonKey)
  return reason === 'manual' || reason === 'idle' || reason === 'suspend' ? reason : null
}

export function forgetLock(): void {
  sessionStorage.removeItem(reasonKey)
}

export function rememberIntent(intent: 'assistant'): void {
  sessionStorage.setItem(intentKey, intent)
}

export function takeIntent(): string | null {
  const intent = sessionStorage.getItem(intentKey)
  sessionStorage.removeItem(intentKey)
  return intent
}
