/** `invite`: makes an invitation and prints every way in which it is opened. */
import type { AdminCommand } from '../app/admin-command.js'
import type { Opening } from '../app/administration.js'
import { DISTRICT_ZONE } from '../app/office/places.js'
import { openAdministrator } from './administrator.js'
import { moment } from './links-file.js'
import { EXIT, type Exit } from './output.js'
import type { AdminDesk } from './run-admin.js'

export async function invite(desk: AdminDesk, command: AdminCommand & { command: 'invite' }): Promise<Exit> {
  const { config, root, say, err } = desk
  const administrator = await openAdministrator(config, root)
  try {
    const reply = await administrator.run(command)
    switch (reply.type) {
      case 'invited':
        printOpening(desk, reply.opening)
        return EXIT.done
      case 'unknown_community':
      case 'ambiguous_community': {
        err(say(`admin_cli.invite.${reply.type}`, { community: command.community ?? '' }))
        if (reply.names.length > 0) err(say('admin_cli.invite.names', { names: reply.names.join(say('list.comma')) }))
        return EXIT.faults
      }
      case 'imported':
      case 'linked':
        throw new Error(`Expected the reply to an invitation, got ${reply.type}`)
    }
  } finally {
    await administrator.close()
  }
}

function printOpening({ config, say, out }: AdminDesk, opening: Opening): void {
  const { role, community, maxUses, code, telegram, web, expiresAt } = opening
  const place = community ? `${community.street} ${community.name}`.trim() : say('office.district')
  out(say('admin_cli.invite.made', { role: say(`role.${role}`), place }))
  out(
    say('admin_cli.invite.terms', {
      uses: maxUses ?? '∞',
      until: moment(expiresAt, community?.timeZone ?? DISTRICT_ZONE),
    }),
  )
  if (telegram !== null) out(say('admin_cli.invite.telegram', { link: telegram }))
  else if (config.telegram.kind !== 'off') out(say('admin_cli.invite.no_username'))
  if (web !== null) out(say('admin_cli.invite.web', { link: web }))
  out(say('admin_cli.invite.words', { words: `/start ${code}` }))
  out(say('admin_cli.invite.secret'))
}
