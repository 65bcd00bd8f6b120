/** `import FILE`: checks a list of communities, takes it in whole, and writes their first links where they are wanted. */
import { MOST_LINKED } from '../app/admin-command.js'
import { LINK_DAYS, type Opening, type Place } from '../app/administration.js'
import { type Administrator, openAdministrator } from './administrator.js'
import { linksFile } from './links-file.js'
import { newFile } from './new-file.js'
import { EXIT, type Exit } from './output.js'
import { type CellNote, readCommunities } from './read-communities.js'
import type { AdminDesk } from './run-admin.js'

export type ImportOptions = { readonly links: string | undefined; readonly check: boolean }

export async function importCommunities(desk: AdminDesk, file: string, options: ImportOptions): Promise<Exit> {
  const { config, root, say, out, err } = desk
  const { links, check } = options
  const { rows, faults, notes } = await readCommunities(file)
  const tell = ({ cell, says: [key, variables] }: CellNote) =>
    say('admin_cli.cell_line', { cell, what: say(`admin_cli.cell.${key}`, variables) })
  for (const note of notes) err(say('admin_cli.note', { note: tell(note) }))
  if (faults.length > 0) {
    for (const fault of faults) err(tell(fault))
    err(say('admin_cli.import.faults', { count: faults.length }))
    return EXIT.faults
  }
  if (check) {
    out(say('admin_cli.import.checked', { count: rows.length }))
    return EXIT.done
  }
  const target = links === undefined ? undefined : await newFile(links)
  const administrator = await openAdministrator(config, root).catch(async (fault: unknown) => {
    await target?.discard()
    throw fault
  })
  try {
    const reply = await administrator.run({ command: 'import', rows })
    if (reply.type !== 'imported') throw new Error(`Expected the reply to an import, got ${reply.type}`)
    out(say('admin_cli.import.done', { created: reply.created, updated: reply.updated }))
    if (!target) out(say('admin_cli.import.how_to_link', { days: LINK_DAYS }))
    else {
      const openings = await makeLinks(administrator, reply.places)
      await target.write(await linksFile(target.path, openings, say))
      out(say('admin_cli.import.linked', { count: reply.places.length, file: target.path, days: LINK_DAYS }))
      if (config.telegram.kind !== 'off' && openings.every(({ telegram }) => telegram === null))
        out(say('admin_cli.invite.no_username'))
    }
    return EXIT.done
  } catch (fault) {
    await target?.discard()
    throw fault
  } finally {
    await administrator.close()
  }
}

async function makeLinks({ run }: Administrator, places: readonly Place[]): Promise<Opening[]> {
  const openings: Opening[] = []
  for (let from = 0; from < places.length; from += MOST_LINKED) {
    const communities = places.slice(from, from + MOST_LINKED).map(({ id }) => id)
    const reply = await run({ command: 'links', communities })
    if (reply.type !== 'linked') throw new Error(`Expected the links of communities, got ${reply.type}`)
    openings.push(...reply.openings)
  }
  return openings
}
