// Lays JSON text out on lines without ever turning it into values: a number keeps its digits, a key its place, a repeated key both.
// What is not JSON comes back as it is, in one piece.

export type Kind = 'key' | 'string' | 'number' | 'word' | 'mark' | 'space' | 'text'
export type Piece = { kind: Kind; text: string }

const token = /\s+|"(?:[^"\\]|\\[^])*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/y
const deepest = 200

export function tokens(text: string): string[] | null {
  const out: string[] = []
  token.lastIndex = 0
  while (token.lastIndex < text.length) {
    const found = token.exec(text)
    if (!found) return null
    if (found[0].trim() !== '') out.push(found[0])
  }
  return out
}

const kindOf = (text: string): Kind =>
  text[0] === '"' ? 'string' : /^[-\d]/.test(text) ? 'number' : /^[tfn]/.test(text) ? 'word' : 'mark'

export function layOut(text: string, indent = 2): Piece[] {
  const all = tokens(text)
  if (!all || all.length === 0) return [{ kind: 'text', text }]
  const out: Piece[] = []
  const open: string[] = []
  const line = () => out.push({ kind: 'space', text: `\n${' '.repeat(indent * open.length)}` })
  for (let i = 0; i < all.length; i += 1) {
    const part = all[i] ?? ''
    const next = all[i + 1]
    if (part === '{' || part === '[') {
      const close = part === '{' ? '}' : ']'
      if (next === close) {
        out.push({ kind: 'mark', text: part + close })
        i += 1
        continue
      }
      open.push(close)
      if (open.length > deepest) return [{ kind: 'text', text }]
      out.push({ kind: 'mark', text: part })
      line()
    } else if (part === '}' || part === ']') {
      if (open.pop() !== part) return [{ kind: 'text', text }]
      line()
      out.push({ kind: 'mark', text: part })
    } else if (part === ',') {
      out.push({ kind: 'mark', text: part })
      line()
    } else if (part === ':') {
      out.push({ kind: 'mark', text: ':' }, { kind: 'space', text: ' ' })
    } else {
      out.push({ kind: next === ':' ? 'key' : kindOf(part), text: part })
    }
  }
  return open.length === 0 ? out : [{ kind: 'text', text }]
}
