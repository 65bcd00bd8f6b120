import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { indicatorsOf } from '../../src/core/rubric.js'
import { draftBook, draftBytes, fileOf } from './support/workbooks.js'

describe('LibreOffice', () => {
  const there = spawnSync('soffice', ['--version']).status === 0
  it.skipIf(!there && !process.env.CI)(
    `opens the exported workbook${there ? '' : ' (skipped: soffice is not installed)'}`,
    async () => {
      const file = fileOf(await draftBytes())
      const folder = mkdtempSync(join(tmpdir(), 'office-'))
      const convert = (to: string) =>
        execFileSync(
          'soffice',
          [
            '--headless',
            `-env:UserInstallation=file://${folder}/profile`,
            '--convert-to',
            to,
            '--outdir',
            folder,
            file,
          ],
          { stdio: 'pipe', timeout: 100_000 },
        )
      convert('csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1')
      const csv = (sheet: string) => readFileSync(join(folder, `table-${sheet}.csv`), 'utf8')
      for (const { id, title } of indicatorsOf(draftBook().rubric)) {
        expect(csv('指标')).toContain(id)
        expect(csv('指标')).toContain(title)
      }
      expect(csv('一二级指标')).toContain('二级,P1,P,组织体系,Organisational system,75')
      expect(csv('设置')).toContain('option.level4.mostly,80%,基本符合,Mostly met')
      convert('pdf')
      expect(readFileSync(join(folder, 'table.pdf')).subarray(0, 4).toString()).toBe('%PDF')
    },
    120_000,
  )
})
