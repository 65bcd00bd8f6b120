/**
 * The fonts of pictures: the drawing library finds them by a configuration of its own, so that a picture looks the same
 * on every machine, and its Chinese is there where the machine has none.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Holds all characters of GBK: names of places and people are not drawn as boxes. */
export const FONT_FAMILY = 'Noto Sans SC'

/** The weights that pictures use; the package has seven more, and to read them all takes long. */
const FILES = ['400Regular/NotoSansSC_400Regular.ttf', '700Bold/NotoSansSC_700Bold.ttf']

/**
 * Writes the configuration to a directory that goes when the program ends, and gives its path. fontconfig reads the path
 * from the environment when it first draws a text, so it has to be set before.
 */
export function writeFontConfig(): string {
  const { resolve } = createRequire(import.meta.url)
  const folders = FILES.map((file) => dirname(resolve(`@expo-google-fonts/noto-sans-sc/${file}`)))
  const place = mkdtempSync(join(tmpdir(), 'hexie-fonts-'))
  process.once('exit', () => rmSync(place, { recursive: true, force: true }))
  const path = join(place, 'fonts.conf')
  writeFileSync(
    path,
    `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${folders.map((folder) => `  <dir>${plain(folder)}</dir>`).join('\n')}
  <cachedir>${plain(join(place, 'cache'))}</cachedir>
</fontconfig>
`,
  )
  return path
}

const plain = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
