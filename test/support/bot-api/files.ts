// The files Telegram holds for the bot, whoever sent them: identifiers, sizes, paths and bytes.
import { randomBytes } from 'node:crypto'
import { readPictureSize } from './picture.js'
import type { DocumentFile, PhotoSize } from './types.js'

export type StoredFile = {
  readonly file_id: string
  readonly file_unique_id: string
  readonly file_size: number
  /** The path for downloads, such as `documents/file_3.pdf`. */
  readonly file_path: string
  readonly name: string
  readonly mime: string
  readonly bytes: Buffer
}

export type FileStore = {
  add(file: {
    readonly name: string
    readonly mime: string
    readonly bytes: Buffer
    readonly folder: string
  }): StoredFile
  byId(fileId: string): StoredFile | undefined
  byPath(path: string): StoredFile | undefined
}

export function createFileStore(): FileStore {
  const ids = new Map<string, StoredFile>()
  const paths = new Map<string, StoredFile>()
  return {
    add({ folder, ...file }) {
      const extension = /\.[A-Za-z0-9]{1,8}$/.exec(file.name)?.[0] ?? ''
      const stored: StoredFile = {
        ...file,
        file_id: `BQACAgI${randomBytes(30).toString('base64url')}`,
        file_unique_id: `AgAD${randomBytes(8).toString('base64url')}`,
        file_size: file.bytes.length,
        file_path: `${folder}/file_${ids.size}${extension.toLowerCase()}`,
      }
      ids.set(stored.file_id, stored)
      paths.set(stored.file_path, stored)
      return stored
    },
    byId: (fileId) => ids.get(fileId),
    byPath: (path) => paths.get(path),
  }
}

export function toDocument(file: StoredFile): DocumentFile {
  return {
    file_id: file.file_id,
    file_unique_id: file.file_unique_id,
    file_size: file.file_size,
    file_name: file.name,
    mime_type: file.mime,
  }
}

/** The longest side of the smaller copy that Telegram makes of every photo. */
const THUMBNAIL_SIDE = 320

/** A photo as messages show it: sizes of the same picture, the largest last. */
export function toPhoto(file: StoredFile): readonly PhotoSize[] {
  const { width, height } = readPictureSize(file.bytes) ?? { width: 1, height: 1 }
  const { file_id, file_unique_id, file_size } = file
  const full = { file_id, file_unique_id, file_size, width, height }
  const scale = THUMBNAIL_SIDE / Math.max(width, height)
  if (scale >= 1) return [full]
  const small = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
  return [{ ...full, ...small, file_unique_id: `${file_unique_id}s` }, full]
}

const MIME_OF_EXTENSION: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  jpg: 'image/jpeg',
  json: 'application/json',
  md: 'text/markdown',
  pdf: 'application/pdf',
  png: 'image/png',
  txt: 'text/plain',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  zip: 'application/zip',
}

/** Telegram tells a document's type by its name; bots upload nearly everything as octet-stream. */
export function guessMime(name: string, given: string): string {
  const extension = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(MIME_OF_EXTENSION, extension) ? (MIME_OF_EXTENSION[extension] ?? given) : given
}
