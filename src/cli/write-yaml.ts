/** A rubric and its words as YAML text: always the same bytes for the same content, defaults left out. */
import { dump } from 'js-yaml'
import type { Prompts } from '../content/prompts.js'
import type { Indicator, Rubric } from '../core/rubric.js'

type Plain = Record<string, unknown>

/** The text of rubric/<id>@<version>.yaml. */
export function rubricYaml(rubric: Rubric): string {
  const { first_level, ...head } = rubric
  const data = {
    ...plain(head),
    grades: rubric.grades.map(({ code, provenance }) => ({ code, ...marked(provenance) })),
    first_level: first_level.map(({ second_level, ...first }) => ({
      ...level(first),
      second_level: second_level.map(({ indicators, ...second }) => ({
        ...level(second),
        indicators: indicators.map(indicator),
      })),
    })),
  }
  return `${commentOf(rubric.title)}
# provenance 写明 verbatim 的是标准(编制说明)原文,没有写明的一律是草案(draft)。
# What \`provenance\` marks verbatim is the standard's own text; everything not marked is a draft.
${text(data)}`
}

/** The text of prompts/<language>/<id>@<version>.yaml. */
export function promptsYaml(prompts: Prompts): string {
  const { language, rubric, title, disclaimer, levels, options, extras, terms, indicators } = prompts
  const data = plain({ language, rubric, title, disclaimer, levels, options, extras, terms, indicators })
  return `${commentOf(title)}
# 问法、提示、佐证、低分原因和建议;出处见评分表的 provenance.guidance,没有写明 verbatim 的一律是草案。
# Words that ask. Where they come from: \`provenance.guidance\` of the rubric; what is not marked verbatim there is a draft.
${text(data)}`
}

function text(data: unknown): string {
  // Other readers of YAML take a bare yes or no for a boolean; `dump` quotes such words by itself.
  return dump(data, { lineWidth: -1, seqNoIndent: true, noRefs: true })
}

/** A title with line breaks must not end the comment. */
const commentOf = (title: string): string => `# ${title.replace(/\s+/g, ' ')}`

/** Checked data has its keys in the schema's order already; only what is undefined goes. */
function plain(data: object): Plain {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined))
}

const marked = (source: 'verbatim' | 'draft'): Plain => (source === 'verbatim' ? { provenance: source } : {})

function level(one: { provenance: Plain }): Plain {
  const { provenance, ...rest } = one
  return { ...plain(rest), ...provenanceOf(provenance) }
}

function indicator(one: Indicator): Plain {
  const { id, title, requirement, points, answer, vetoes, not_applicable, methods, post, clause, provenance } = one
  return plain({
    id,
    title,
    requirement,
    points,
    answer: plain({ ...answer, decimals: 'decimals' in answer && answer.decimals > 0 ? answer.decimals : undefined }),
    vetoes: vetoes.length > 0 ? vetoes : undefined,
    not_applicable: not_applicable || undefined,
    methods: methods.length > 0 ? methods : undefined,
    post,
    clause,
    ...provenanceOf(provenance),
  })
}

/** Only what is verbatim or has words; draft is the default. */
function provenanceOf(provenance: Plain): Plain {
  const own = Object.fromEntries(
    Object.entries(provenance).filter(
      ([, value]) => value !== undefined && value !== 'draft' && !(Array.isArray(value) && value.length === 0),
    ),
  )
  return Object.keys(own).length > 0 ? { provenance: own } : {}
}
