/** `template FILE.xlsx`: writes an empty list of communities to fill in. */
import { communitiesTemplate } from './communities-template.js'
import { FileFault } from './file-fault.js'
import { newFile } from './new-file.js'
import { EXIT, type Exit } from './output.js'
import type { AdminDesk } from './run-admin.js'

/** Anybody may read it: there is nothing in it yet. */
const MODE = 0o644

export async function writeTemplate({ config, say, out }: AdminDesk, file: string): Promise<Exit> {
  if (!/\.xlsx$/i.test(file)) throw new FileFault('文件名应以 .xlsx 结尾', 'expected a file name that ends with .xlsx')
  const bytes = await communitiesTemplate(config.defaultLanguage === 'en' ? 'en' : 'zh-CN', say)
  const target = await newFile(file, MODE)
  await target.write(bytes)
  out(say('admin_cli.template.written', { file }))
  return EXIT.done
}
