// The parameters of one call, however they came (query, form, JSON, multipart), and readers that check one parameter each.
import type { IncomingHttpHeaders } from 'node:http'
import { parseMultipart, type Upload } from './multipart.js'
import { badRequest, Refusal } from './refusal.js'

export type Params = {
  readonly values: Readonly<Record<string, unknown>>
  readonly files: ReadonlyMap<string, Upload>
}

const NO_FILES: ReadonlyMap<string, Upload> = new Map()

/** Reads the parameters out of a query string and a body in any of the forms the Bot API takes. */
export function readParams(query: string, body: Buffer, headers: IncomingHttpHeaders): Params {
  const fromQuery = query === '' ? {} : Object.fromEntries(new URLSearchParams(query))
  if (body.length === 0) return { values: fromQuery, files: NO_FILES }
  const type = headers['content-type'] ?? ''
  if (/^application\/json\b/i.test(type)) {
    const value = parseJson(body.toString('utf8'))
    if (!isObject(value)) throw badRequest("can't parse JSON object")
    return { values: { ...fromQuery, ...value }, files: NO_FILES }
  }
  if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
    const form = Object.fromEntries(new URLSearchParams(body.toString('utf8')))
    return { values: { ...fromQuery, ...form }, files: NO_FILES }
  }
  if (/^multipart\/form-data\b/i.test(type)) {
    const form = parseMultipart(body, type)
    if (form === undefined) throw badRequest("can't parse multipart/form-data")
    return { values: { ...fromQuery, ...form.fields }, files: form.files }
  }
  throw new Refusal(415, 'Unsupported Media Type')
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text that may be absent or empty; numbers are taken as their digits, as Telegram does. */
export function readText(params: Params, name: string): string | undefined {
  const value = params.values[name]
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  throw badRequest(`field "${name}" must be of type String`)
}

export function requireText(params: Params, name: string): string {
  const value = readText(params, name)
  if (value === undefined || value === '') throw badRequest(`parameter "${name}" is required`)
  return value
}

export function readInteger(params: Params, name: string): number | undefined {
  const value = params.values[name]
  if (value === undefined || value === null || value === '') return undefined
  const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value.trim()) ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number)) {
    throw badRequest(`field "${name}" must be of type Number`)
  }
  return number
}

export function readFlag(params: Params, name: string): boolean {
  const value = params.values[name]
  switch (typeof value === 'string' ? value.toLowerCase() : value) {
    case true:
    case 'true':
    case '1':
    case 'yes':
      return true
    case undefined:
    case null:
    case false:
    case '':
    case 'false':
    case '0':
    case 'no':
      return false
  }
  throw badRequest(`field "${name}" must be of type Boolean`)
}

/** A structured parameter: as it is in a JSON body, as JSON text in a form. `what` names it in the refusal. */
export function readStructure(params: Params, name: string, what: string): unknown {
  const value = params.values[name]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value !== 'string') return value
  const parsed = parseJson(value)
  if (parsed === undefined) throw badRequest(`can't parse ${what} JSON object`)
  return parsed
}

export function readObject(params: Params, name: string, what: string): Record<string, unknown> | undefined {
  const value = readStructure(params, name, what)
  if (value === undefined) return undefined
  if (!isObject(value)) throw badRequest(`can't parse ${what}: expected an Object`)
  return value
}

export function readArray(params: Params, name: string, what: string): readonly unknown[] | undefined {
  const value = readStructure(params, name, what)
  if (value === undefined) return undefined
  if (!Array.isArray(value)) throw badRequest(`can't parse ${what}: expected an Array`)
  return value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
