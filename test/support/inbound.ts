/** An input of the one person of a dispatch test. */
import type { Inbound } from '../../src/app/speech.js'

export const inbound = (order: number, content: Inbound['content']): Inbound => ({
  id: String(order),
  address: 'telegram:5',
  order,
  position: null,
  guest: false,
  content,
})
