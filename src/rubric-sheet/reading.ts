/** The memory of one import: faults, warnings, and which cell each piece of data came from. */

import { EMPTY, type Raw } from './cells.js'
import { type Place, type SheetFault, type Words, withFound } from './faults.js'
import type { Row, Table } from './grid.js'
import type { Parsed } from './parse-cell.js'

export type Where = 'rubric' | 'prompts/zh-CN' | 'prompts/en'
export type Path = readonly (string | number)[]
type Origin = { readonly where: Where; readonly path: Path }

export type Reading = ReturnType<typeof createReading>

/** Starts an empty reading. */
export function createReading() {
  const faults: SheetFault[] = []
  const warnings: SheetFault[] = []
  const places = new Map<string, Place>()
  const broken: Origin[] = []
  const keyOf = (where: Where, path: Path): string => JSON.stringify([where, ...path])
  const reading = {
    faults,
    warnings,
    /** Pieces of data that are stand-ins because their cells could not be read; rules about them say nothing new. */
    broken,
    fault: (place: Place, words: Words): void => void faults.push({ place, words }),
    warn: (place: Place, words: Words): void => void warnings.push({ place, words }),
    /** Notes where a piece of data stands. */
    origin: (where: Where, path: Path, place: Place): void => void places.set(keyOf(where, path), place),
    /** The place of the nearest enclosing piece of data, and what of the path lies inside of it. */
    find: (where: Where, path: Path): { place: Place; inside: Path } | undefined => {
      for (let length = path.length; length >= 0; length -= 1) {
        const place = places.get(keyOf(where, path.slice(0, length)))
        if (place) return { place, inside: path.slice(length) }
      }
      return undefined
    },
    /** Reads one cell; a refusal is reported at the cell and gives `undefined` with `bad` set. */
    read: <T>(table: Table, row: Row, key: string, parse: (raw: Raw) => Parsed<T>): { value?: T; bad: boolean } => {
      const parsed = parse(row.cells.get(key) ?? EMPTY)
      if (parsed.ok) return parsed.value === undefined ? { bad: false } : { value: parsed.value, bad: false }
      const place = table.place(row, key)
      reading.fault(place, withFound(parsed.words, place.found))
      return { bad: true }
    },
    /** Reads one cell for one piece of data, notes its origin, and puts the stand-in where it cannot be read. */
    take: <T>(
      table: Table,
      row: Row,
      key: string,
      target: Origin,
      parse: (raw: Raw) => Parsed<T>,
      standIn: T,
    ): T | undefined => {
      const { value, bad } = reading.read(table, row, key, parse)
      reading.origin(target.where, target.path, table.place(row, key))
      if (bad) broken.push(target)
      return bad ? standIn : value
    },
  }
  return reading
}
