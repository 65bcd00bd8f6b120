/** Buttons in rows. */
import type { Button } from '../speech.js'

/** Two in a row. */
export const inPairs = (buttons: readonly Button[]): Button[][] =>
  buttons.flatMap((_one, i) => (i % 2 === 0 ? [buttons.slice(i, i + 2)] : []))
