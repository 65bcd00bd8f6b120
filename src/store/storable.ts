/** Text that PostgreSQL takes: it refuses U+0000 everywhere, and halves of surrogate pairs inside JSON. People can type both. */

/** The text without U+0000; a lone half of a surrogate pair becomes U+FFFD, as any encoder to UTF-8 would write it. */
export function storableText(text: string): string {
  return text.isWellFormed() && !text.includes(NUL) ? text : text.replaceAll(NUL, '').toWellFormed()
}

/** The value as JSON text whose strings are all storable. */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value) ?? 'null'
  // JSON.stringify writes exactly the characters in question as \u….
  if (!json.includes('\\u')) return json
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'string' ? storableText(part) : part))
}

const NUL = '\0'
