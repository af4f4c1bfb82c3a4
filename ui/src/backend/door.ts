// The one door to Rust. Nothing else in the user interface imports `@tauri-apps/api`.
// To add a command: its types in types.ts (generated), one function in the file of its noun.
import { Channel, invoke } from '@tauri-apps/api/core'
import { listen } from '@tauri-apps/api/event'
import type { AppError } from './types'

/** What every command rejects with. `code` is the key of its text in both languages. */
export class BackendError extends Error {
  readonly code: string
  readonly requestId: string | null
  readonly detail: Record<string, string>
  constructor(error: AppError) {
    super(error.message)
    this.name = 'BackendError'
    this.code = error.code
    this.requestId = error.request_id
    this.detail = error.detail
  }
}

function isAppError(value: unknown): value is AppError {
  return typeof value === 'object' && value !== null && typeof (value as AppError).code === 'string'
}

/** Anything thrown, as a BackendError: what is not one of ours is INTERNAL. */
export function asBackendError(reason: unknown): BackendError {
  if (reason instanceof BackendError) return reason
  if (isAppError(reason)) {
    return new BackendError({ ...reason, request_id: reason.request_id ?? null, detail: reason.detail ?? {} })
  }
  const message = reason instanceof Error ? reason.message : String(reason)
  return new BackendError({ code: 'INTERNAL', message, request_id: null, detail: {} })
}

export async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>(command, args)
  } catch (reason) {
    throw asBackendError(reason)
  }
}

/** A command that reports on its way: its messages arrive at `report`. */
export function callWithProgress<T, P>(
  command: string,
  args: Record<string, unknown>,
  report: (progress: P) => void,
): Promise<T> {
  const progress = new Channel<P>()
  progress.onmessage = report
  return call<T>(command, { ...args, progress })
}

export function onEvent<P>(name: string, handle: (payload: P) => void): () => void {
  const pending = listen<P>(name, (event) => handle(event.payload))
  return () => {
    void pending.then((stop) => stop())
  }
}
