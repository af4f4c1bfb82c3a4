import type { AuditEvent } from '../backend/types'

/** The event as one JSON document. The payload goes in as Postgres printed it, never through a number of JavaScript. */
export function eventAsJson(event: AuditEvent): string {
  const { payload, ...rest } = event
  const lines = Object.entries(rest).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value ?? null)}`)
  return `{\n${[...lines, `  "payload": ${payload ?? 'null'}`].join(',\n')}\n}\n`
}
