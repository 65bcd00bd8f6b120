// The text of messages: what is empty, too long or wrongly marked.
import { describe, expect, it } from 'vitest'
import { openBench } from './harness.js'

const EMPTY = 'Bad Request: message text is empty'

type Row = { readonly rule: string; readonly params: object; readonly description: string }

describe('sendMessage refuses', () => {
  const rows: readonly Row[] = [
    { rule: 'no chat', params: { chat_id: undefined, text: 'x' }, description: 'Bad Request: chat_id is empty' },
    { rule: 'a chat nobody opened', params: { chat_id: 8, text: 'x' }, description: 'Bad Request: chat not found' },
    { rule: 'a channel', params: { chat_id: '@news', text: 'x' }, description: 'Bad Request: chat not found' },
    { rule: 'no text', params: {}, description: EMPTY },
    { rule: 'empty text', params: { text: '' }, description: EMPTY },
    { rule: 'blanks only', params: { text: ' \n\u3000' }, description: EMPTY },
    { rule: 'tags only', params: { text: '<b></b>', parse_mode: 'HTML' }, description: EMPTY },
    {
      rule: 'an object as text',
      params: { text: {} },
      description: 'Bad Request: field "text" must be of type String',
    },
    { rule: '4097 characters', params: { text: 'x'.repeat(4097) }, description: 'Bad Request: message is too long' },
    { rule: '2049 emoji', params: { text: '👍'.repeat(2049) }, description: 'Bad Request: message is too long' },
    {
      rule: 'an unknown parse mode',
      params: { text: 'x', parse_mode: 'BBCode' },
      description: 'Bad Request: unsupported parse_mode',
    },
    {
      rule: 'a reply to nothing',
      params: { text: 'x', reply_parameters: { message_id: 99 } },
      description: 'Bad Request: message to be replied not found',
    },
  ]
  it.each(rows)('$rule', async ({ params, description }) => {
    const { api, ada, call } = await openBench()
    expect(await call('sendMessage', { chat_id: 7, ...params })).toMatchObject({ status: 400, description })
    expect(ada.messages()).toEqual([])
    expect(api.violations).toEqual([])
  })
})

describe('sendMessage takes', () => {
  it('4096 characters, counted after parsing and trimming', async () => {
    const { say } = await openBench()
    expect((await say('x'.repeat(4096))).text).toHaveLength(4096)
    expect((await say(`<b>${'x'.repeat(4096)}</b>`, { parse_mode: 'HTML' })).text).toHaveLength(4096)
    expect((await say(` ${'x'.repeat(4096)}\n`)).text).toHaveLength(4096)
  })

  it('text without its blank edges, the entities moved along', async () => {
    const { say } = await openBench()
    expect(await say('  ab  ', { entities: [{ type: 'bold', offset: 1, length: 5 }] })).toMatchObject({
      text: 'ab',
      entities: [{ type: 'bold', offset: 0, length: 2 }],
    })
  })

  it('a reply, and one to nothing where that is allowed', async () => {
    const { ada, say } = await openBench()
    const { messageId } = ada.send('Hello')
    expect(await say('Hi', { reply_parameters: { message_id: messageId } })).toMatchObject({
      reply_to_message: { text: 'Hello' },
    })
    expect(await say('Hi', { reply_parameters: { message_id: 99, allow_sending_without_reply: true } })).toMatchObject({
      text: 'Hi',
    })
  })
})

describe('entities', () => {
  const rows: readonly { readonly rule: string; readonly entity: unknown; readonly says: string }[] = [
    { rule: 'no object', entity: 'bold', says: 'entity 0 must be an Object' },
    {
      rule: 'an unknown type',
      entity: { type: 'blink', offset: 0, length: 1 },
      says: 'entity 0 must have a known type, got "blink"',
    },
    {
      rule: 'a negative offset',
      entity: { type: 'bold', offset: -1, length: 1 },
      says: 'integer offset of 0 or more, got -1',
    },
    {
      rule: 'a fractional offset',
      entity: { type: 'bold', offset: 0.5, length: 1 },
      says: 'integer offset of 0 or more, got 0.5',
    },
    { rule: 'no offset', entity: { type: 'bold', length: 1 }, says: 'integer offset of 0 or more' },
    {
      rule: 'a length of 0',
      entity: { type: 'bold', offset: 0, length: 0 },
      says: 'integer length of 1 or more, got 0',
    },
    {
      rule: 'an end past the text',
      entity: { type: 'bold', offset: 2, length: 3 },
      says: 'inside the text of 4 UTF-16 units, ends at 5',
    },
    {
      rule: 'a start within an emoji',
      entity: { type: 'bold', offset: 2, length: 2 },
      says: 'must not split a surrogate pair',
    },
    {
      rule: 'an end within an emoji',
      entity: { type: 'bold', offset: 0, length: 2 },
      says: 'must not split a surrogate pair',
    },
    {
      rule: 'a link to nowhere',
      entity: { type: 'text_link', offset: 0, length: 1 },
      says: 'must have the field "url"',
    },
    {
      rule: 'a mention of nobody',
      entity: { type: 'text_mention', offset: 0, length: 1 },
      says: 'must have the field "user"',
    },
  ]
  it.each(rows)('are refused for $rule', async ({ entity, says }) => {
    const { call } = await openBench()
    const reply = await call('sendMessage', { chat_id: 7, text: 'a👍b', entities: [entity] })
    expect(reply.status).toBe(400)
    expect(reply.description).toMatch(/^Bad Request: entity 0/)
    expect(reply.description).toContain(says)
  })

  it('are refused from the 101st on, which Telegram would drop', async () => {
    const { call } = await openBench()
    const entities = Array.from({ length: 101 }, (_, offset) => ({ type: 'bold', offset, length: 1 }))
    expect((await call('sendMessage', { chat_id: 7, text: 'x'.repeat(200), entities })).status).toBe(400)
    expect((await call('sendMessage', { chat_id: 7, text: 'x'.repeat(200), entities: entities.slice(1) })).status).toBe(
      200,
    )
  })

  it.each([
    ['cross each other', { type: 'bold', offset: 0, length: 3 }, { type: 'italic', offset: 2, length: 3 }],
    ['lie in their own kind', { type: 'bold', offset: 0, length: 3 }, { type: 'bold', offset: 1, length: 1 }],
    ['lie in code', { type: 'code', offset: 0, length: 3 }, { type: 'bold', offset: 1, length: 1 }],
    ['hold code', { type: 'bold', offset: 0, length: 3 }, { type: 'pre', offset: 0, length: 3 }],
    [
      'quote in a quotation',
      { type: 'blockquote', offset: 0, length: 3 },
      { type: 'expandable_blockquote', offset: 1, length: 1 },
    ],
  ])('are refused where they %s, which Telegram would change', async (_, ...entities) => {
    const { call } = await openBench()
    expect(await call('sendMessage', { chat_id: 7, text: 'abcdef', entities })).toMatchObject({ status: 400 })
  })

  it('may hold each other otherwise, and lie over what Telegram finds itself', async () => {
    const { say } = await openBench()
    const entities = [
      { type: 'blockquote', offset: 0, length: 6 },
      { type: 'bold', offset: 0, length: 4 },
      { type: 'italic', offset: 0, length: 4 },
      { type: 'text_link', offset: 0, length: 3, url: 'https://example.org/' },
      { type: 'hashtag', offset: 2, length: 3 },
      { type: 'code', offset: 4, length: 1 },
    ]
    expect((await say('abcdef', { entities })).entities).toEqual(entities)
  })

  it('are kept in order of place', async () => {
    const { say } = await openBench()
    const bold = { type: 'bold', offset: 0, length: 2 }
    const link = { type: 'text_link', offset: 2, length: 1, url: 'https://example.org/' }
    expect(
      (
        await say('a👍b', {
          entities: [
            { type: 'italic', offset: 3, length: 1 },
            { ...bold, length: 3 },
          ],
        })
      ).entities,
    ).toEqual([
      { ...bold, length: 3 },
      { type: 'italic', offset: 3, length: 1 },
    ])
    expect((await say('abc', { entities: JSON.stringify([link]) })).entities).toEqual([link])
  })
})
