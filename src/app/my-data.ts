/** A person's own data as a file that they can read and keep. */
import type { Desk } from './desk.js'
import type { File } from './speech.js'

/** Everything that is kept about a person, as indented JSON in UTF-8. */
export async function myDataFile({ records, locales }: Desk, person: string, language: string): Promise<File> {
  const data = await records.exportPerson(person)
  const bytes = new TextEncoder().encode(`${JSON.stringify(data, null, 2)}\n`)
  return { name: locales.in(language)('file.my_data'), mime: 'application/json', bytes }
}
