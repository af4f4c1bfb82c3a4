import { describe, expect, it } from 'vitest'
import { layOut, tokens } from '../src/audit/rawJson'
import { beginning, visible, visibleLine } from '../src/look/visible'

const text = (json: string) =>
  layOut(json)
    .pieces.map((piece) => piece.text)
    .join('')
const kinds = (json: string) => layOut(json).pieces.map((piece) => piece.kind)

describe('layOut', () => {
  it('keeps every digit, every key and their order', () => {
    const odd = '{"z": 12345678901234567890123, "a": 1.50, "a": 1e-07, "n": -0}'
    const out = text(odd)
    expect(out).toContain('12345678901234567890123')
    expect(out).toContain('1.50')
    expect(out).toContain('1e-07')
    expect(out.match(/"a":/g)).toHaveLength(2)
    expect(out.indexOf('"z"')).toBeLessThan(out.indexOf('"a"'))
  })

  it('loses nothing but white space', () => {
    const json = '{"a": [1, {"b": "x, y: {z}"}, []], "": {}, "c": "línea\\n\\"dos\\""}'
    const squeeze = (value: string) => value.replace(/\s+(?=(?:[^"\\]|\\.|"(?:[^"\\]|\\.)*")*$)/g, '')
    expect(squeeze(text(json))).toBe(squeeze(json))
    expect(JSON.parse(text(json))).toEqual(JSON.parse(json))
  })

  it('lays out on lines and keeps empty brackets together', () => {
    expect(text('{"a":[1,2],"b":{}}')).toBe('{\n  "a": [\n    1,\n    2\n  ],\n  "b": {}\n}')
  })

  it.each([['"alone"'], ['12'], ['null'], ['[]']])('shows the bare value %s', (json) => {
    expect(text(json)).toBe(json)
  })

  it.each([['{"a":'], ['{"a": tru}'], ['[1, 2}'], ['not json'], [''], ['[' + '['.repeat(500)]])(
    'hands %s back as it is',
    (broken) => {
      expect(layOut(broken)).toEqual({ pieces: [{ kind: 'text', text: broken }], cut: false })
    },
  )

  it('tells keys from strings', () => {
    expect(kinds('{"k":"v"}').filter((kind) => kind === 'key' || kind === 'string')).toEqual(['key', 'string'])
  })
})

describe('what is too much', () => {
  const limits = { pieces: 100, characters: 1_000 }

  it('is read though a string has twenty million characters', () => {
    const long = `{"a": "${'x\\"'.repeat(6_666_666)}", "b": ${'1'.repeat(2_000_000)}${' '.repeat(2_000_000)}}`
    expect(tokens(long)).toHaveLength(9)
    const { pieces, cut } = layOut(long, limits)
    expect(cut).toBe(true)
    expect(pieces.map((piece) => piece.text).join('').length).toBeLessThan(1_100)
  })

  it('is laid out up to the limit', () => {
    const many = JSON.stringify(Array.from({ length: 100_000 }, (_, index) => index))
    const { pieces, cut } = layOut(many, limits)
    expect(cut).toBe(true)
    expect(pieces.length).toBeLessThan(110)
    expect(layOut('[1, 2]', limits).cut).toBe(false)
  })

  it('is cut where it is no JSON, and never through a character', () => {
    expect(layOut('no '.repeat(1_000), limits)).toMatchObject({ cut: true })
    expect(beginning('ab🧨', 3)).toBe('ab')
    expect(beginning('ab🧨', 4)).toBe('ab🧨')
  })

  it.each(['-', '1.', '1e', '1e+', '.5', '+1', '"a', '"a\\"', 'nul', '01a'])('is no token: %s', (wrong) => {
    expect(tokens(wrong)).toBeNull()
  })
})

describe('visible', () => {
  it('shows what would hide or reorder text by its code', () => {
    expect(visible('a\u202eodnauges\u0007')).toBe('a\\u202eodnauges\\u0007')
    expect(visibleLine('uno\ndos\ttres')).toBe('uno⏎dos⇥tres')
    expect(visible('Ñandú 株式会社 🧨')).toBe('Ñandú 株式会社 🧨')
  })

  it.each([
    '\u00ad', '\u034f', '\u115f', '\u1160', '\u180e', '\u206a', '\u206f', '\u3164', '\ufff9', '\ufffb',
  ])('shows %j, which is drawn as nothing', (character) => {
    expect(visible(`a${character}b`)).toMatch(/^a\\u[0-9a-f]{4}b$/)
  }) // prettier-ignore

  it('shows tags by their code, and keeps what is drawn outside the first plane', () => {
    expect(visible('a\u{e0041}b\u{e007f}')).toBe('a\\u{e0041}b\\u{e007f}')
    expect(visible('𠮷 🧨 ❤️')).toBe('𠮷 🧨 ❤️')
  })
})
