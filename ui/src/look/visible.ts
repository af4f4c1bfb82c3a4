// Text from the database may hold characters that hide or reorder other text. They are shown by their code.

const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g

export function visible(text: string): string {
  return text.replace(hidden, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** On one line: line breaks and tabs by their code too. */
export function visibleLine(text: string): string {
  return visible(text).replace(/\n/g, '⏎').replace(/\t/g, '⇥')
}

export function shortId(id: string): string {
  return id.length > 13 ? `${id.slice(0, 8)}…` : id
}
