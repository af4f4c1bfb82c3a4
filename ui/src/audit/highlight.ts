// The parts of a query's text that are drawn differently. Only for the eye: what a text means, and what is wrong with it, Rust says.

export type Part = { text: string; kind: 'plain' | 'field' | 'sign' | 'quoted' | 'comma'; wrong: boolean }

const token = /("(?:[^"\\]|\\.)*"?)|((?:^|(?<=\s))-(?=\S))|([\p{L}_]+:)|(,)|(\s+|[^\s",]+)/gu

export function highlight(text: string, wrong: { from: number; to: number } | null): Part[] {
  const out: Part[] = []
  const add = (from: number, to: number, kind: Part['kind']) => {
    const cuts = wrong ? [wrong.from, wrong.to].filter((cut) => cut > from && cut < to) : []
    let start = from
    for (const end of [...new Set([...cuts, to])]) {
      out.push({
        text: text.slice(start, end),
        kind,
        wrong: wrong !== null && start >= wrong.from && start < wrong.to,
      })
      start = end
    }
  }
  let at = 0
  let begun = true
  for (const found of text.matchAll(token)) {
    const [all, quoted, sign, field, comma] = found
    const from = found.index
    if (from > at) add(at, from, 'plain')
    const kind = quoted ? 'quoted' : sign ? 'sign' : field && begun ? 'field' : comma ? 'comma' : 'plain'
    add(from, from + all.length, kind)
    begun = sign !== undefined || /^\s+$/.test(all)
    at = from + all.length
  }
  if (at < text.length) add(at, text.length, 'plain')
  // Something missing at the very end still has a place.
  if (wrong && wrong.from >= text.length) out.push({ text: ' ', kind: 'plain', wrong: true })
  return out
}
