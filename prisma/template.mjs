// Makes the template of the embedded database when the program is installed, so that its first start is quick.
// Without it everything works as well; the first start then takes some seconds more.
import { fileURLToPath } from 'node:url'
import { makeTemplate } from '../dist/store/embedded-template.js'

await makeTemplate(fileURLToPath(new URL('..', import.meta.url)))
process.exit(0)
