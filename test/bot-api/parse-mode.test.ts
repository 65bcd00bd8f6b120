// HTML, Markdown and MarkdownV2: what they mean, and what of them is refused.
import { describe, expect, it } from 'vitest'
import { parseHtml } from '../support/bot-api/html.js'
import { parseMarkdown } from '../support/bot-api/markdown.js'
import { parseMarkdownV2 } from '../support/bot-api/markdown-v2.js'
import { openBench } from './harness.js'

describe('HTML', () => {
  it.each([
    ['a &lt;b&gt; &amp; &quot;c&quot; &#20013; &nbsp;', 'a <b> & "c" 中 &nbsp;', []],
    [
      '<b>x</b><strong>y</strong>',
      'xy',
      [
        ['bold', 0, 1],
        ['bold', 1, 1],
      ],
    ],
    [
      '<b>x<i>y</i></b>',
      'xy',
      [
        ['bold', 0, 2],
        ['italic', 1, 1],
      ],
    ],
    [
      '<u>a</u><s>b</s><span class="tg-spoiler">c</span>',
      'abc',
      [
        ['underline', 0, 1],
        ['strikethrough', 1, 1],
        ['spoiler', 2, 1],
      ],
    ],
    ['👍<code>x</code>', '👍x', [['code', 2, 1]]],
    [
      '<pre>x</pre><blockquote expandable>y</blockquote>',
      'xy',
      [
        ['pre', 0, 1],
        ['expandable_blockquote', 1, 1],
      ],
    ],
  ] as const)('%s', (source, text, entities) => {
    const parsed = parseHtml(source)
    expect(parsed.text).toBe(text)
    expect(parsed.entities.map(({ type, offset, length }) => [type, offset, length])).toEqual(entities)
  })

  it('knows links, mentions and languages', () => {
    expect(parseHtml('<a href="https://a.b/?x=1&amp;y=2">x</a>').entities).toEqual([
      { type: 'text_link', offset: 0, length: 1, url: 'https://a.b/?x=1&y=2' },
    ])
    expect(parseHtml('<a href="tg://user?id=7">x</a>').entities).toMatchObject([
      { type: 'text_mention', user: { id: 7 } },
    ])
    expect(parseHtml('<pre><code class="language-sql">x</code></pre>').entities).toEqual([
      { type: 'pre', offset: 0, length: 1, language: 'sql' },
    ])
  })

  it.each([
    ['<p>x</p>', 'Unsupported start tag "p" at byte offset 0'],
    ['<constructor>x</constructor>', 'Unsupported start tag "constructor" at byte offset 0'],
    ['中<br/>', 'Unsupported start tag "br/" at byte offset 3'],
    ['1 < 2', 'Unclosed start tag at byte offset 2'],
    ['1 < 2 > 0', 'Unsupported start tag "" at byte offset 2'],
    ['<b>x', `Can't find end tag corresponding to start tag "b"`],
    ['x</b>', 'Unexpected end tag at byte offset 1'],
    ['<b><i>x</b></i>', 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ['<span>x</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])('refuses %s', async (text, reason) => {
    const { call } = await openBench()
    const reply = await call('sendMessage', { chat_id: 7, text, parse_mode: 'HTML' })
    expect(reply).toMatchObject({ status: 400, description: `Bad Request: can't parse entities: ${reason}` })
  })
})

describe('Markdown', () => {
  it('knows its four kinds of entity', () => {
    const parsed = parseMarkdown('*b* _i_ `c` [l](https://a.b) \\_ ```sql\nx```')
    expect(parsed.text).toBe('b i c l _ x')
    expect(parsed.entities.map(({ type, offset }) => [type, offset])).toEqual([
      ['bold', 0],
      ['italic', 2],
      ['code', 4],
      ['text_link', 6],
      ['pre', 10],
    ])
  })

  it('refuses an entity without an end', async () => {
    const { call } = await openBench()
    const description = `Bad Request: can't parse entities: Can't find end of the entity starting at byte offset 3`
    expect(
      await call('sendMessage', { chat_id: 7, text: '中snake_case'.replace('snake', ''), parse_mode: 'Markdown' }),
    ).toMatchObject({
      status: 400,
      description,
    })
  })
})

describe('MarkdownV2', () => {
  it('nests, quotes and escapes', () => {
    const parsed = parseMarkdownV2('*b _i __u___* ~s~ ||p|| `c\\``\n>q\nend\\.')
    expect(parsed.text).toBe('b i u s p c`\nq\nend.')
    expect(parsed.entities.map(({ type, offset, length }) => [type, offset, length])).toEqual([
      ['bold', 0, 5],
      ['italic', 2, 3],
      ['underline', 4, 1],
      ['strikethrough', 6, 1],
      ['spoiler', 8, 1],
      ['code', 10, 2],
      ['blockquote', 13, 2],
    ])
  })

  it('knows links and languages', () => {
    expect(parseMarkdownV2('[a](https://a.b/\\))').entities).toMatchObject([
      { type: 'text_link', url: 'https://a.b/)' },
    ])
    expect(parseMarkdownV2('```sql\nx```').entities).toMatchObject([
      { type: 'pre', language: 'sql', offset: 0, length: 1 },
    ])
  })

  it.each([
    ['end.', `Character '.' is reserved and must be escaped with the preceding '\\'`],
    ['a-b', `Character '-' is reserved and must be escaped with the preceding '\\'`],
    ['中*b', `Can't find end of Bold entity at byte offset 3`],
    ['[a](b', `Can't find end of a URL at byte offset 3`],
  ])('refuses %s', async (text, reason) => {
    const { call } = await openBench()
    const reply = await call('sendMessage', { chat_id: 7, text, parse_mode: 'MarkdownV2' })
    expect(reply).toMatchObject({ status: 400, description: `Bad Request: can't parse entities: ${reason}` })
  })
})
