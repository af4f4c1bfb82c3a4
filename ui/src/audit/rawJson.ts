// Lays JSON text out on lines without ever turning it into values: a number keeps its digits, a key its place, a repeated key both.
// What is not JSON comes back as it is, in one piece.
import { beginning } from '../look/visible'

export type Kind = 'key' | 'string' | 'number' | 'word' | 'mark' | 'space' | 'text'
export type Piece = { kind: Kind; text: string }
/** `cut` where the text goes on after the last piece. */
export type Layout = { pieces: Piece[]; cut: boolean }
export type Limits = { pieces: number; characters: number }

const words = ['true', 'false', 'null']
const deepest = 200
const none: Limits = { pieces: Infinity, characters: Infinity }

// Letter by letter: an expression that matches a string of many megabytes runs out of its stack.
function afterSpace(text: string, from: number): number {
  let at = from
  while (' \n\r\t'.includes(text[at] ?? '-')) at += 1
  return at
}

function afterString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0
    while (text[quote - 1 - slashes] === '\\') slashes += 1
    if (slashes % 2 === 0) return quote + 1
  }
  return -1
}

function afterNumber(text: string, from: number): number {
  const digits = (start: number) => {
    let at = start
    while ((text[at] ?? '') >= '0' && (text[at] ?? '') <= '9') at += 1
    return at
  }
  const begin = text[from] === '-' ? from + 1 : from
  let at = digits(begin)
  if (at === begin) return -1
  if (text[at] === '.' && digits(at + 1) > at + 1) at = digits(at + 1)
  const power = /^[eE][+-]?/.exec(text.slice(at, at + 2))?.[0].length ?? 0
  return power > 0 && digits(at + power) > at + power ? digits(at + power) : at
}

/** Where the token that begins here ends; -1 where none does. */
function afterToken(text: string, at: number): number {
  const first = text[at] ?? ''
  if ('{}[],:'.includes(first)) return at + 1
  if (first === '"') return afterString(text, at)
  const word = words.find((each) => text.startsWith(each, at))
  return word ? at + word.length : afterNumber(text, at)
}

/** Null for what is no JSON, and for more than `most` of them. */
export function tokens(text: string, most = Infinity): string[] | null {
  const out: string[] = []
  for (let at = afterSpace(text, 0); at < text.length;) {
    const end = afterToken(text, at)
    if (end < 0 || out.length >= most) return null
    out.push(text.slice(at, end))
    at = afterSpace(text, end)
  }
  return out
}

const kindOf = (text: string): Kind =>
  text[0] === '"' ? 'string' : /^[-\d]/.test(text) ? 'number' : /^[tfn]/.test(text) ? 'word' : 'mark'

export function layOut(text: string, limits: Limits = none, indent = 2): Layout {
  const asItIs = (): Layout => {
    const shown = beginning(text, limits.characters)
    return { pieces: [{ kind: 'text', text: shown }], cut: shown.length < text.length }
  }
  const pieces: Piece[] = []
  const open: string[] = []
  const line = () => pieces.push({ kind: 'space', text: `\n${' '.repeat(indent * open.length)}` })
  let left = limits.characters
  let at = afterSpace(text, 0)
  while (at < text.length) {
    if (pieces.length >= limits.pieces || left <= 0) return { pieces, cut: true }
    let end = afterToken(text, at)
    if (end < 0) return asItIs()
    const part = beginning(text.slice(at, end), left)
    if (part.length < end - at) {
      pieces.push({ kind: kindOf(part), text: part })
      return { pieces, cut: true }
    }
    left -= part.length
    const next = afterSpace(text, end)
    if (part === '{' || part === '[') {
      const close = part === '{' ? '}' : ']'
      if (text[next] === close) {
        pieces.push({ kind: 'mark', text: part + close })
        end = next + 1
      } else {
        open.push(close)
        if (open.length > deepest) return asItIs()
        pieces.push({ kind: 'mark', text: part })
        line()
      }
    } else if (part === '}' || part === ']') {
      if (open.pop() !== part) return asItIs()
      line()
      pieces.push({ kind: 'mark', text: part })
    } else if (part === ',') {
      pieces.push({ kind: 'mark', text: part })
      line()
    } else if (part === ':') {
      pieces.push({ kind: 'mark', text: ':' }, { kind: 'space', text: ' ' })
    } else {
      pieces.push({ kind: text[next] === ':' ? 'key' : kindOf(part), text: part })
    }
    at = afterSpace(text, end)
  }
  return pieces.length > 0 && open.length === 0 ? { pieces, cut: false } : asItIs()
}
