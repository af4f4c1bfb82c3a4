// Text from the database may hold characters that hide or reorder other text. They are shown by their code.

// Control characters, marks of direction, soft hyphens and joiners, fillers that are drawn as nothing, and tags.
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

function codeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16)
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
}

export const visible = (text: string): string => text.replace(hidden, codeOf)

/** On one line: line breaks and tabs by their code too. */
export function visibleLine(text: string): string {
  return visible(text).replace(/\n/g, '⏎').replace(/\t/g, '⇥')
}

/** The first characters, none of them halved. */
export function beginning(text: string, most: number): string {
  if (text.length <= most) return text
  return text.slice(0, /[\ud800-\udbff]/.test(text[most - 1] ?? '') ? most - 1 : most)
}

export function shortId(id: string): string {
  return id.length > 13 ? `${id.slice(0, 8)}…` : id
}
