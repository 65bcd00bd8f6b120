/** The files of the web page, read once and served from memory: assets as they are, the two HTML pages filled with words. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { FastifyHelmetOptions } from '@fastify/helmet'
import type { Locales } from '../app/words.js'

export type Asset = {
  readonly name: string
  readonly type: string
  /** Quoted, from the content. */
  readonly etag: string
  readonly bytes: Buffer
  readonly gzip: Buffer
}
export type Page = {
  readonly assets: readonly Asset[]
  /** The pages as HTML in a language. */
  landing(language: string): string
  chat(language: string): string
}

const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Words that the script of the page shows; keys of locales/. */
export const SCRIPT_WORDS = [
  'page.input',
  'page.placeholder',
  'page.send',
  'page.attach',
  'page.attach_file',
  'page.attach_location',
  'page.menu',
  'page.progress',
  'page.skip_link',
  'page.loading',
  'page.sending',
  'page.not_sent',
  'page.retrying',
  'page.offline',
  'page.back_online',
  'page.too_large',
  'page.text_too_long',
  'page.no_location',
  'page.here',
  'page.download',
  'page.enlarge',
  'page.close',
  'page.options',
  'page.ways',
  'page.photo',
  'page.attachment',
  'page.in_telegram',
  'page.spoiler',
  'bot.name',
  'command.start',
  'command.result',
  'command.language',
  'command.privacy',
  'command.cancel',
  'command.help',
] as const

/** Reads the page's folder. Throws where a file is missing. */
export function loadPage({
  pageDirectory,
  locales,
  demo,
  largestFile,
}: {
  pageDirectory: string
  locales: Locales
  demo: boolean
  /** In MB, for the sentence that refuses a larger one. */
  largestFile: number
}): Page {
  const read = (name: string) => readFileSync(join(pageDirectory, name))
  const assets = readdirSync(pageDirectory)
    .filter((name) => TYPES[extname(name)])
    .map((name) => toAsset(name, read(name)))
  const index = read('index.html').toString()
  const landing = read('landing.html').toString()
  const words = Object.fromEntries(
    locales.languages.map((language) => {
      const say = locales.in(language)
      return [language, Object.fromEntries(SCRIPT_WORDS.map((key) => [key, say(key, { most: largestFile })]))]
    }),
  )
  // The one character that could end the element early.
  const data = JSON.stringify(words).replaceAll('<', '\\u003c')

  return {
    assets,
    chat: (language) => fill(index, locales, language, { words: data }),
    landing(language) {
      const say = locales.in(language)
      const entry = demo
        ? `<a class="enter" href="/demo">${toHtml(say('page.enter_demo'))}</a>`
        : `<p class="invitation">${toHtml(say('page.needs_invitation'))}</p>`
      const note = demo ? `<p class="small">${toHtml(say('page.demo_note'))}</p>` : ''
      const others = locales.languages
        .filter((one) => one !== language)
        .map((one) => `<a lang="${one}" hreflang="${one}" href="/?lang=${one}">${toHtml(say(`language.${one}`))}</a>`)
      const practice = `<a class="practise" href="/practice">${toHtml(say('page.practise'))}</a>`
      return fill(landing, locales, language, { entry, others: others.join(' '), note, practice })
    },
  }
}

/** Strict: nothing inline, nothing from elsewhere. `blob:` is for pictures of the bot, which come in its answers. */
export function headersFor(https: boolean): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'blob:'],
        connectSrc: ["'self'"],
        formAction: ["'none'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    // Promised only where it is kept: a page on plain http must stay reachable.
    strictTransportSecurity: https ? { maxAge: 180 * 24 * 60 * 60 } : false,
    // Browsers ignore these two on plain http and complain about it.
    crossOriginOpenerPolicy: https,
    originAgentCluster: https,
  }
}

function toAsset(name: string, bytes: Buffer): Asset {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 16)}"`
  return { name, type: TYPES[extname(name)]!, etag, bytes, gzip: gzipSync(bytes) }
}

/**
 * `{{key}}` → the word in this language, escaped; values are HTML already. The files are sound HTML by themselves: their
 * language is the standard's own, and `"{{words}}"` is JSON.
 */
function fill(template: string, locales: Locales, language: string, values: Record<string, string>): string {
  const say = locales.in(language)
  return template
    .replace(/<html lang="[^"]*">/, `<html lang="${language}">`)
    .replace(/"\{\{words\}\}"/, () => values.words ?? '{}')
    .replace(/\{\{([\w.]+)\}\}/g, (whole, key: string) => values[key] ?? (key.includes('.') ? toHtml(say(key)) : whole))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const toHtml = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one]!)
