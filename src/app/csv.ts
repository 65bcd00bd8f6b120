/** Tables as CSV (RFC 4180) that Excel, WPS and LibreOffice open as what they are: text in UTF-8, and never a formula. */

/** By this mark Excel knows the text as UTF-8; without it Chinese comes out garbled. */
const BYTE_ORDER_MARK = '\uFEFF'

/**
 * What makes a spreadsheet take a cell for a formula: https://owasp.org/www-community/attacks/CSV_Injection
 * Blanks in front do not always help, and some versions read the full-width signs like the plain ones.
 */
const FORMULA = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n]/
const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/

/**
 * The rows as a file with a byte order mark and CRLF. Text that could be a formula gets an apostrophe in front; numbers,
 * negative ones too, stay numbers; null is an empty cell.
 */
export function csv(rows: readonly (readonly (string | number | null)[])[]): Uint8Array {
  const lines = rows.map((row) => `${row.map(cell).join(',')}\r\n`)
  return new TextEncoder().encode(BYTE_ORDER_MARK + lines.join(''))
}

function cell(value: string | number | null): string {
  if (value === null) return ''
  const text = String(value)
  const safe = FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe
}
