/** What a command cannot do at all: a file that is missing, unreadable or not what it should be. Ends with exit code 2. */
import type { Words } from '../rubric-sheet/faults.js'

export class FileFault extends Error {
  readonly words: Words
  constructor(zh: string, en: string, cause?: unknown) {
    super(zh, { cause })
    this.name = 'FileFault'
    this.words = { zh, en }
  }
}
