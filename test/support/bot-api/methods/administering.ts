// getMe, getFile, close and logOut.
import { requireText } from '../params.js'
import { badRequest, tooManyRequests } from '../refusal.js'
import type { Method } from '../world.js'

/** https://core.telegram.org/bots/api#getfile */
const MAX_DOWNLOAD_BYTES = 20 * 1024 * 1024
/** https://core.telegram.org/bots/api#close */
const CLOSE_AFTER_MS = 10 * 60 * 1000

export const getMe: Method = {
  name: 'getMe',
  parameters: [],
  run: (world) => ({
    result: {
      ...world.bot,
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: false,
      can_connect_to_business: false,
      has_main_web_app: false,
    },
  }),
}

export const getFile: Method = {
  name: 'getFile',
  parameters: ['file_id'],
  run(world, { params }) {
    const file = world.files.byId(requireText(params, 'file_id'))
    if (file === undefined) throw badRequest('invalid file_id')
    if (file.file_size > MAX_DOWNLOAD_BYTES) throw badRequest('file is too big')
    const { file_id, file_unique_id, file_size, file_path } = file
    return { result: { file_id, file_unique_id, file_size, file_path } }
  },
}

export const close: Method = {
  name: 'close',
  parameters: [],
  run(world) {
    const left = CLOSE_AFTER_MS - (world.clock.now() - world.startedAt)
    if (left > 0) throw tooManyRequests(Math.ceil(left / 1000))
    return { result: true }
  },
}

export const logOut: Method = {
  name: 'logOut',
  parameters: [],
  run(world) {
    world.loggedOut = true
    return { result: true }
  },
}
