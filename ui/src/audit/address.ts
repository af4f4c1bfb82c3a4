// Is this an IP address, or a network in CIDR form? Postgres has the last word; this only keeps typing errors from leaving.

function isV4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)
}

function isV6(text: string): boolean {
  if (!text.includes(':') || /[^0-9a-f:.]/i.test(text)) return false
  const halves = text.split('::')
  if (halves.length > 2) return false
  const groups = (half: string) => (half === '' ? [] : half.split(':'))
  const all = halves.flatMap(groups)
  const last = all.at(-1) ?? ''
  const embedded = last.includes('.')
  if (embedded && !isV4(last)) return false
  const plain = embedded ? all.slice(0, -1) : all
  if (!plain.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return false
  const length = plain.length + (embedded ? 2 : 0)
  return halves.length === 2 ? length < 8 : length === 8
}

export function isAddress(text: string): boolean {
  const [address = '', prefix, ...more] = text.trim().split('/')
  if (more.length > 0) return false
  const four = isV4(address)
  if (!four && !isV6(address)) return false
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (four ? 32 : 128))
}
