import { describe, expect, test } from 'vitest'
import { choicesOf } from '../../src/core/answers/registry.js'
import { questionnaireOf } from '../../src/core/questionnaire.js'
import { type Conversation, createConversation } from './conversation.js'
import { draft, type Plain, questionnaire, rowOf } from './draft.js'

const asked = questionnaire()

/** A conversation at its first question, P1-01. */
function begun(change?: (data: Plain) => void): Conversation {
  const talk = createConversation(change ? questionnaireOf(draft(change)) : asked)
  talk.command('start')
  return talk
}

/** Answers everything that is open with the best choice, except some. */
function answerAll(talk: Conversation, except: readonly string[] = []): Conversation {
  for (const question of asked.questions) {
    if (except.includes(question.id) || talk.saved(question.id)) continue
    talk.tap(question.id, question.kind === 'indicator' ? choicesOf(question.indicator, asked.rubric)[0]!.value : 'no')
  }
  return talk
}

describe('answering', () => {
  test('a tap is recorded as revision 1 and the next question comes', () => {
    const talk = begun()
    talk.tap('P1-01', 'yes')
    expect(talk.said).toBe('answer_recorded')
    expect(talk.rows).toEqual([
      {
        sheet: 'sheet001',
        answer: {
          question: 'P1-01',
          revision: 1,
          value: 'yes',
          notApplicable: null,
          note: null,
          evidence: [],
          raw: null,
        },
      },
    ])
    expect(talk.at).toBe('question P1-02')
  })
  test('a double tap on the same option changes nothing at all', () => {
    const talk = begun()
    talk.tap('P1-01', 'yes', 0)
    const before = talk.session
    talk.tap('P1-01', 'yes', 0)
    expect(talk.session).toEqual(before)
    expect(talk.said).toBe('')
    expect(talk.rows).toHaveLength(1)
  })
  test('another option on an old card opens the question with its saved answer and records nothing', () => {
    const talk = begun()
    talk.tap('P1-01', 'yes', 0)
    talk.tap('P1-01', 'no', 0)
    expect(talk.said).toBe('answer_stale')
    expect(talk.at).toBe('reopened P1-01')
    expect(talk.rows).toHaveLength(1)
  })
  test('an old card of an earlier question never answers the present one', () => {
    const talk = begun()
    talk.tap('P1-01', 'yes', 0)
    talk.tap('P1-02', 'full', 0)
    talk.tap('P1-01', 'yes', 0)
    expect(talk.said).toBe('answer_stale')
    expect(talk.saved('P1-03')).toBeUndefined()
    expect(talk.rows).toHaveLength(2)
  })
  test('a choice on the reopened card is the next revision, and the way goes back to where it was', () => {
    const talk = begun()
    talk.tap('P1-01', 'yes')
    talk.tap('P1-02', 'full')
    talk.tap('P1-01', 'no', 0)
    talk.tap('P1-01', 'no', 1)
    expect(talk.saved('P1-01')).toMatchObject({ revision: 2, value: 'no' })
    expect(talk.at).toBe('question P1-03')
  })
  test('the same option on the reopened card is no new revision and leads back', () => {
    const talk = begun()
    talk.tap('P1-01', 'yes')
    talk.tap('P1-02', 'full')
    talk.on('open', 'P1-01')
    talk.tap('P1-01', 'yes', 1)
    expect(talk.rows).toHaveLength(2)
    expect(talk.at).toBe('question P1-03')
  })
  test('a revision that the session does not know yet is left to the shell, unchanged', () => {
    const talk = begun()
    const before = talk.session
    expect(talk.tap('P1-01', 'yes', 5)).toEqual([])
    expect(talk.session).toEqual(before)
    expect(talk.rows).toEqual([])
  })
  test.each([
    ['an option of another type', 'P1-01', 'full'],
    ['a number for an option', 'P1-02', '80'],
    ['a percentage over 100', 'P1-04', '101'],
    ['a veto answered with a level', 'C5-01.v1', 'none'],
    ['a question that is not there', 'Z9-99', 'yes'],
  ])('a button with %s is outdated', (_rule, question, value) => {
    const talk = begun()
    talk.tap(question, value, 0)
    expect(talk.said).toBe('button_outdated')
    expect(talk.rows).toEqual([])
  })
  test('a button of another sheet is outdated', () => {
    const talk = begun()
    talk.press({ do: 'answer', sheet: 'another', question: 'P1-01', revision: 0, value: 'yes' })
    expect(talk.said).toBe('button_outdated')
    expect(talk.rows).toEqual([])
  })
  test('after the last answer the result is shown, and the sheet stays open until it is submitted', () => {
    const talk = answerAll(begun())
    expect(talk.session.view).toEqual({ at: 'result', page: 'total' })
    expect(talk.session.sheet!.status).toBe('open')
  })
  test('a double tap on the very last answer stays at the result', () => {
    const talk = answerAll(begun())
    talk.tap('C6-03', 'full', 0)
    expect(talk.session.view).toEqual({ at: 'result', page: 'total' })
    expect(talk.said).toBe('')
  })
})

describe('typing', () => {
  test('a typed answer keeps its words', () => {
    const talk = begun()
    talk.on('open', 'G6-01')
    talk.type(' 十二项 ')
    expect(talk.saved('G6-01')).toMatchObject({ value: '12', raw: '十二项' })
  })
  test.each([
    ['a word', 'G6-01', '很多', 'not_a_number'],
    ['a fraction', 'G6-01', '1/2', 'fraction'],
    ['a negative', 'G6-01', '-1', 'negative'],
    ['a range', 'G6-01', '10-12', 'range'],
    ['nothing', 'G6-01', '', 'not_a_number'],
    ['5,000 characters', 'G6-01', '长'.repeat(5000), 'too_long'],
    ['a share', 'C5-01', '0.95', 'ambiguous_percent'],
    ['no option', 'P1-01', '大概吧', 'not_an_option'],
  ])('%s is refused with its reason and ends nothing', (_rule, question, typed, reason) => {
    const talk = begun()
    talk.on('open', question)
    const before = talk.session
    expect(talk.type(typed)).toEqual([{ type: 'answer_rejected', question, reason }])
    expect(talk.session).toEqual(before)
    expect(talk.rows).toEqual([])
  })
  test('late text is never an answer', () => {
    for (const view of ['open', 'explain', 'note'] as const) {
      const talk = begun()
      talk.on(view, 'G6-01')
      expect(talk.type('12', true)).toEqual([{ type: 'input_late' }])
      expect(talk.rows).toEqual([])
    }
  })
  test('on a reopened card typed text has to be confirmed', () => {
    const talk = begun()
    talk.on('open', 'G6-01')
    talk.type('10')
    talk.tap('G6-01', '7', 0)
    expect(talk.at).toBe('reopened G6-01')
    talk.type('十二项')
    expect(talk.session.view).toEqual({ at: 'typed', value: '12', raw: '十二项' })
    expect(talk.rows).toHaveLength(1)
    talk.press({ do: 'answer_typed', sheet: 'sheet001', question: 'G6-01', revision: 1, value: '12' })
    expect(talk.saved('G6-01')).toMatchObject({ revision: 2, value: '12', raw: '十二项' })
  })
  test('also where only a note stood there so far', () => {
    const talk = begun()
    talk.on('note', 'P1-01')
    talk.type('待查')
    talk.on('skip', 'P1-01')
    talk.tap('P1-01', 'yes', 0)
    expect(talk.at).toBe('reopened P1-01')
    talk.type('YES')
    expect(talk.session.view.at).toBe('typed')
    expect(talk.saved('P1-01')).toMatchObject({ revision: 1, value: null })
  })
  test('what was typed is replaced by what is typed after it', () => {
    const talk = begun()
    talk.on('open', 'G6-01')
    talk.type('10')
    talk.tap('G6-01', '7', 0)
    talk.type('12')
    talk.type('13')
    expect(talk.session.view).toMatchObject({ at: 'typed', value: '13' })
    talk.type('哦')
    expect(talk.said).toBe('answer_rejected')
    expect(talk.session.view).toMatchObject({ at: 'typed', value: '13' })
  })
  test.each(['contents', 'pause', 'submit', 'restart'] as const)('nothing typed at %s is an answer', (verb) => {
    const talk = answerAll(begun())
    talk.sheet(verb)
    const count = talk.rows.length
    expect(talk.type('yes')).toEqual([{ type: 'input_unexpected' }])
    expect(talk.rows).toHaveLength(count)
  })
  test('a sticker is no answer', () => {
    const talk = begun()
    expect(talk.take({ kind: 'unsupported' })).toEqual([
      { type: 'answer_rejected', question: 'P1-01', reason: 'not_text' },
    ])
    talk.on('note', 'P1-01')
    expect(talk.take({ kind: 'unsupported' })).toEqual([{ type: 'note_expected' }])
    talk.sheet('contents')
    expect(talk.take({ kind: 'unsupported' })).toEqual([{ type: 'input_unexpected' }])
    expect(talk.rows).toEqual([])
  })
})

describe('skipping and moving', () => {
  test('a skipped question comes back after the last one', () => {
    const talk = begun()
    talk.on('skip', 'P1-01')
    expect(talk.at).toBe('question P1-02')
    answerAll(talk, ['P1-01'])
    expect(talk.at).toBe('question P1-01')
    talk.tap('P1-01', 'yes')
    expect(talk.session.view).toEqual({ at: 'result', page: 'total' })
  })
  test('the second half of a double tap on skip skips nothing more', () => {
    const talk = begun()
    talk.on('skip', 'P1-01')
    talk.on('skip', 'P1-01')
    expect(talk.at).toBe('question P1-02')
  })
  test('skipping the last one records nothing', () => {
    const talk = answerAll(begun(), ['C6-03'])
    talk.on('skip', 'C6-03')
    expect(talk.saved('C6-03')).toBeUndefined()
    expect(talk.session.sheet!.status).toBe('open')
  })
  test('back and forth change nothing', () => {
    const talk = begun()
    talk.tap('P1-01', 'yes')
    talk.on('previous', 'P1-02')
    expect(talk.at).toBe('question P1-01')
    talk.on('forward', 'P1-01')
    expect(talk.at).toBe('question P1-02')
    expect(talk.rows).toHaveLength(1)
  })
  test('there is nothing before the first question', () => {
    const talk = begun()
    talk.on('previous', 'P1-01')
    expect(talk.at).toBe('question P1-01')
  })
  test('a veto question comes right after its indicator', () => {
    const talk = begun()
    talk.on('open', 'C5-01')
    talk.type('95%')
    expect(talk.at).toBe('question C5-01.v1')
  })
})

describe('not applicable', () => {
  test('a reason is needed and is recorded', () => {
    const talk = begun()
    talk.away('not_applicable', 'P2-02')
    expect(talk.at).toBe('reason P2-02')
    expect(talk.rows).toEqual([])
    expect(talk.type('   ')).toEqual([{ type: 'reason_expected' }])
    expect(talk.type('长'.repeat(201))).toEqual([{ type: 'text_too_long', most: 200 }])
    talk.type('长'.repeat(200))
    expect(talk.saved('P2-02')).toMatchObject({ value: null, notApplicable: '长'.repeat(200), raw: null })
    expect(talk.said).toBe('answer_recorded not_applicable_saved')
  })
  test('the rubric’s own condition is a reason by one tap, and a double tap is one', () => {
    const talk = begun()
    talk.away('use_condition', 'P2-02', 0)
    talk.away('use_condition', 'P2-02', 0)
    expect(talk.rows).toHaveLength(1)
    expect(talk.saved('P2-02')?.notApplicable).toBe('本周期没有这类情况')
    expect(talk.said).toBe('')
  })
  test('a double tap on the last open question stays at the result', () => {
    const talk = answerAll(begun(), ['P2-02'])
    talk.on('open', 'P2-02')
    talk.away('use_condition', 'P2-02', 0)
    expect(talk.session.view).toEqual({ at: 'result', page: 'total' })
    talk.away('use_condition', 'P2-02', 0)
    expect(talk.session.view).toEqual({ at: 'result', page: 'total' })
    expect(talk.said).toBe('')
  })
  test('an indicator without the condition refuses it, also a veto question', () => {
    for (const question of ['P1-01', 'C5-01.v1']) {
      const talk = begun()
      expect(talk.away('not_applicable', question)).toEqual([{ type: 'not_applicable_refused', why: 'not_allowed' }])
      expect(talk.rows).toEqual([])
    }
  })
  test('a late reason is none', () => {
    const talk = begun()
    talk.away('not_applicable', 'P2-02')
    expect(talk.type('没有', true)).toEqual([{ type: 'input_late' }])
    expect(talk.rows).toEqual([])
  })
  test.each([
    ['exactly at the cap', 0.018, true],
    ['just under the cap', 0.0181, true],
    ['just over the cap', 0.0179, false],
    ['a cap of nothing', 0, false],
  ])('P2-02 and P2-03 (18 of 1000 points) %s', (_rule, max_share, allowed) => {
    const talk = begun((data) => {
      data.scoring.not_applicable.max_share = max_share
    })
    talk.away('use_condition', 'P2-02')
    talk.away('use_condition', 'P2-03')
    expect(talk.said).toBe(allowed ? 'answer_recorded not_applicable_saved' : 'not_applicable_refused')
    expect(talk.saved('P2-03') !== undefined).toBe(allowed)
  })
  test('the cap also holds when the reason comes', () => {
    const talk = begun((data) => {
      data.scoring.not_applicable.max_share = 0.01
    })
    talk.away('not_applicable', 'P2-02')
    talk.type('没有')
    expect(talk.away('not_applicable', 'P2-03')).toEqual([{ type: 'not_applicable_refused', why: 'cap' }])
  })
  test('a value takes the reason away, a reason takes the value away', () => {
    const talk = begun()
    talk.tap('P2-02', 'partly')
    talk.away('use_condition', 'P2-02')
    expect(talk.saved('P2-02')).toMatchObject({ revision: 2, value: null })
    talk.tap('P2-02', 'partly')
    expect(talk.saved('P2-02')).toMatchObject({ revision: 3, value: 'partly', notApplicable: null })
  })
})

describe('notes and evidence', () => {
  test('everything that was given stays in the next revision', () => {
    const talk = begun()
    talk.on('open', 'P2-04')
    talk.type('百分之五十')
    talk.on('note', 'P2-04')
    talk.type(' 名册见附件 ')
    expect(talk.saved('P2-04')).toMatchObject({ revision: 2, value: '50', raw: '百分之五十', note: '名册见附件' })
    talk.on('evidence', 'P2-04')
    talk.send('telegram:a')
    expect(talk.saved('P2-04')).toMatchObject({ revision: 3, value: '50', raw: '百分之五十', note: '名册见附件' })
    talk.send('telegram:b', '说明文字接在原来的备注后面')
    const note = '名册见附件\n说明文字接在原来的备注后面'
    expect(talk.saved('P2-04')).toMatchObject({ revision: 4, note })
    talk.away('use_condition', 'P2-04')
    expect(talk.saved('P2-04')).toMatchObject({ revision: 5, value: null, note, raw: null })
    talk.tap('P2-04', '60')
    const { evidence, ...rest } = talk.saved('P2-04')!
    expect(rest).toMatchObject({ revision: 6, value: '60', notApplicable: null, note, raw: null })
    expect(evidence.map(({ ref }) => ref)).toEqual(['telegram:a', 'telegram:b'])
  })
  test('a note before any answer leaves the question open', () => {
    const talk = begun()
    talk.on('note', 'P1-01')
    talk.type('等街道回复')
    expect(talk.session.sheet!.marks[0]).toEqual({ state: 'open', revision: 1 })
    talk.tap('P1-01', 'yes', 1)
    expect(talk.saved('P1-01')).toMatchObject({ revision: 2, value: 'yes', note: '等街道回复' })
  })
  test.each([
    [500, 'answer_recorded note_saved'],
    [501, 'text_too_long'],
    [0, 'note_expected'],
  ])('a note of %i characters: %s', (length, said) => {
    const talk = begun()
    talk.on('note', 'P1-01')
    talk.type('字'.repeat(length))
    expect(talk.said).toBe(said)
  })
  test('the same file twice is one, the twentieth is taken, the next one is not', () => {
    const talk = begun()
    for (let i = 0; i < 20; i += 1) talk.send(`telegram:${i}`)
    talk.send('telegram:3')
    expect(talk.events).toEqual([{ type: 'evidence_saved', count: 20 }])
    talk.send('telegram:20')
    expect(talk.events).toEqual([{ type: 'evidence_refused', most: 20 }])
    expect(talk.rows).toHaveLength(20)
    expect(talk.saved('P1-01')).toMatchObject({ value: null })
  })
  test('a caption becomes the note where there is none', () => {
    const talk = begun()
    talk.send('telegram:a', ' 换届公告 ')
    expect(talk.saved('P1-01')).toMatchObject({ note: '换届公告', value: null })
  })
  test('a late picture belongs to nothing', () => {
    const talk = begun()
    expect(talk.send('telegram:a', null, true)).toEqual([{ type: 'input_late' }])
    expect(talk.rows).toEqual([])
  })
  test('a picture on a reopened card is not taken', () => {
    const talk = begun()
    talk.tap('P1-01', 'yes')
    talk.tap('P1-01', 'no', 0)
    expect(talk.send('telegram:a')).toEqual([{ type: 'input_unexpected' }])
  })
  test('text in the evidence view is no answer', () => {
    const talk = begun()
    talk.on('evidence', 'P1-01')
    expect(talk.type('YES')).toEqual([{ type: 'evidence_expected' }])
    expect(talk.rows).toEqual([])
  })
})

describe('restart, submit, erase', () => {
  test('submit asks for confirmation', () => {
    const talk = answerAll(begun())
    talk.sheet('submit')
    expect(talk.session.sheet!.status).toBe('open')
    talk.sheet('submit_confirmed')
    expect(talk.said).toBe('sheet_submitted')
    expect(talk.session.sheet!.status).toBe('submitted')
    talk.sheet('submit_confirmed')
    expect(talk.said).toBe('')
  })
  test('submit with open questions leads to the first of them', () => {
    const talk = answerAll(begun(), ['P3-02', 'C1-01'])
    expect(talk.sheet('submit')).toEqual([{ type: 'still_open', count: 2 }])
    expect(talk.at).toBe('question P3-02')
  })
  test('restart asks for confirmation and begins a new sheet', () => {
    const talk = begun()
    talk.tap('P1-01', 'yes')
    talk.sheet('restart')
    expect(talk.said).toBe('')
    talk.sheet('restart_confirmed')
    expect(talk.said).toBe('sheet_discarded sheet_started')
    expect(talk.session.sheet).toMatchObject({ id: 'sheet002', cursor: 'P1-01', reach: 0, last: null })
  })
  test('the second half of a double tap on the confirmation spares the new sheet', () => {
    const talk = begun()
    talk.sheet('restart')
    talk.sheet('restart_confirmed')
    talk.press({ do: 'restart_confirmed', sheet: 'sheet001' })
    expect(talk.said).toBe('button_outdated')
    expect(talk.session.sheet!.id).toBe('sheet002')
  })
  for (const [verb, confirmed] of [
    ['restart', 'restart_confirmed'],
    ['submit', 'submit_confirmed'],
  ] as const)
    test.each<[string, (talk: Conversation) => void]>([
      ['never asked for', () => {}],
      [
        'left by a command',
        (talk) => {
          talk.sheet(verb)
          talk.command('cancel')
        },
      ],
      [
        'left by a button',
        (talk) => {
          talk.sheet(verb)
          talk.sheet('resume')
        },
      ],
      [
        'left by opening a question',
        (talk) => {
          talk.sheet(verb)
          talk.on('open', 'P1-03')
        },
      ],
      [
        'left for the contents',
        (talk) => {
          talk.sheet(verb)
          talk.sheet('contents')
        },
      ],
      [
        'left for another confirmation',
        (talk) => {
          talk.sheet(verb)
          talk.press({ do: 'erase' })
        },
      ],
    ])(`a ${confirmed} that was %s does nothing`, (_rule, leave) => {
      const talk = answerAll(begun())
      leave(talk)
      const before = talk.session
      talk.sheet(confirmed)
      expect(talk.said).toBe('button_outdated')
      expect(talk.session).toEqual(before)
    })
  test('a stale confirmation to restart does nothing after submission either', () => {
    const talk = answerAll(begun())
    talk.sheet('submit')
    talk.sheet('submit_confirmed')
    talk.sheet('restart_confirmed')
    expect(talk.said).toBe('button_outdated')
    talk.sheet('restart')
    talk.sheet('restart_confirmed')
    expect(talk.said).toBe('sheet_started')
  })
  test('erase asks for confirmation; a stale one does nothing', () => {
    const talk = begun()
    talk.press({ do: 'erase_confirmed' })
    expect(talk.said).toBe('button_outdated')
    talk.press({ do: 'erase' })
    talk.press({ do: 'back' })
    talk.press({ do: 'erase_confirmed' })
    expect(talk.said).toBe('button_outdated')
    talk.press({ do: 'erase' })
    talk.press({ do: 'erase_confirmed' })
    expect(talk.said).toBe('person_erased')
    expect(talk.session).toMatchObject({ sheet: null, view: { at: 'welcome' } })
  })
})

describe('after submission', () => {
  const submitted = () => {
    const talk = answerAll(begun())
    talk.sheet('submit')
    talk.sheet('submit_confirmed')
    return talk
  }
  test.each<[string, (talk: Conversation) => void]>([
    ['a tap on the newest card', (talk) => talk.tap('P1-01', 'no')],
    ['a tap on an old card', (talk) => talk.tap('P1-01', 'no', 0)],
    ['text', (talk) => talk.type('12')],
    ['a picture', (talk) => talk.send('telegram:a')],
    ['a sticker', (talk) => talk.take({ kind: 'unsupported' })],
    ['not applicable', (talk) => talk.away('use_condition', 'P2-02')],
    [
      'a note',
      (talk) => {
        talk.on('note', 'P1-01')
        talk.type('补充')
      },
    ],
    [
      'evidence',
      (talk) => {
        talk.on('evidence', 'P1-01')
        talk.send('telegram:a')
      },
    ],
    [
      'opening a question',
      (talk) => {
        talk.on('open', 'P1-01')
        talk.type('NO')
      },
    ],
    [
      'assess',
      (talk) => {
        talk.command('assess')
        talk.type('NO')
      },
    ],
  ])('%s records nothing', (_rule, act) => {
    const talk = submitted()
    const count = talk.rows.length
    act(talk)
    expect(talk.rows).toHaveLength(count)
    expect(talk.session.sheet!.status).toBe('submitted')
  })
})

describe('commands', () => {
  test('start begins a sheet once; a second start on an untouched sheet shows its question', () => {
    const talk = begun()
    expect(talk.said).toBe('sheet_started')
    talk.command('start')
    expect(talk.said).toBe('')
    expect(talk.at).toBe('question P1-01')
  })
  test('start on a sheet with answers asks whether to go on', () => {
    const talk = begun()
    talk.tap('P1-01', 'yes')
    talk.command('start')
    expect(talk.session.view.at).toBe('resume')
    talk.sheet('resume')
    expect(talk.at).toBe('question P1-02')
  })
  test.each(['explain', 'note', 'evidence'] as const)('cancel leaves %s for the question', (verb) => {
    const talk = begun()
    talk.on(verb, 'P1-02')
    talk.command('cancel')
    expect(talk.said).toBe('cancelled')
    expect(talk.at).toBe('question P1-02')
  })
  test('cancel with nothing to cancel says so', () => {
    const talk = begun()
    expect(talk.command('cancel')).toEqual([{ type: 'nothing_to_cancel' }])
  })
  test.each(['language', 'help', 'privacy', 'result'] as const)('%s keeps the place', (name) => {
    const talk = begun()
    talk.tap('P1-01', 'yes')
    talk.command(name)
    expect(talk.session.view.at).toBe(name)
    talk.press({ do: 'back' })
    expect(talk.at).toBe('question P1-02')
  })
  test('an unknown command changes nothing', () => {
    const talk = begun()
    const before = talk.session
    expect(talk.take({ kind: 'unknown_command' })).toEqual([{ type: 'command_unknown' }])
    expect(talk.session).toEqual(before)
  })
  test('without a sheet nothing is an answer', () => {
    const talk = createConversation(asked)
    talk.type('12')
    talk.send('telegram:a')
    talk.press({ do: 'answer', sheet: 'sheet001', question: 'P1-01', revision: 0, value: 'yes' })
    expect(talk.rows).toEqual([])
    talk.press({ do: 'begin' })
    expect(talk.said).toBe('sheet_started')
  })
  test('the language changes and the place stays', () => {
    const talk = begun()
    talk.tap('P1-01', 'yes')
    talk.press({ do: 'language', language: 'en' })
    expect(talk.session.language).toBe('en')
    expect(talk.at).toBe('question P1-02')
  })
})

test('a place that was rebuilt from the ledger goes on where it was', () => {
  const talk = begun()
  talk.tap('P1-01', 'yes')
  talk.tap('P1-02', 'full')
  talk.forget('P1-03')
  talk.tap('P1-02', 'partly', 0)
  expect(talk.at).toBe('reopened P1-02')
  talk.tap('P1-03', 'none')
  expect(talk.rows.map(({ answer }) => [answer.question, answer.revision])).toEqual([
    ['P1-01', 1],
    ['P1-02', 1],
    ['P1-03', 1],
  ])
})

test('an indicator that may be not applicable and has a veto keeps both answers apart', () => {
  const talk = createConversation(
    questionnaireOf(
      draft((data) => {
        rowOf(data, 'C5-06').not_applicable = true
      }),
    ),
  )
  talk.command('start')
  talk.away('use_condition', 'C5-06')
  expect(talk.at).toBe('question C5-06.v1')
  talk.tap('C5-06.v1', 'yes')
  expect(talk.saved('C5-06')).toMatchObject({ revision: 1, notApplicable: '本周期没有这类情况' })
})
