/** Files that a command makes, and never in the place of another one. */
import { open, rm } from 'node:fs/promises'
import { FileFault } from './file-fault.js'

/**
 * A new file with these rights, by default for its owner alone. It is made before anything is done, so that what was done is
 * not lost for want of a place; `discard` takes it away again. Throws `FileFault` where it is there or cannot be.
 */
export async function newFile(path: string, mode = 0o600) {
  const handle = await open(path, 'wx', mode).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST')
      throw new FileFault(
        `${path} 已存在，没有覆盖；请换一个文件名。`,
        `${path} exists and was not overwritten; choose another name.`,
      )
    throw new FileFault(`写不了 ${path}：${error.code}`, `${path} cannot be written: ${error.code}`, error)
  })
  return {
    path,
    async write(bytes: Uint8Array) {
      await handle.writeFile(bytes)
      await handle.close()
    },
    async discard() {
      await handle.close().catch(() => {})
      await rm(path, { force: true })
    },
  }
}
