/** `validate [NAME]`: checks rubrics with their words and prints every fault with file and key. */
import { currentName, type FileLine, knownName, languagesOf, readFiles, rubricNames } from './library.js'
import { EXIT, type Exit, type Output } from './output.js'
import { printSummary } from './summary.js'

/** Checks one rubric or all; 1 where there is any fault. */
export function validate(root: string, name: string | undefined, output: Output): Exit {
  const names = name === undefined ? rubricNames(root) : [knownName(root, name)]
  const languages = languagesOf(root)
  const current = currentName(root)
  let faults = 0
  for (const one of names) {
    const read = readFiles(root, one, languages)
    if ('book' in read) {
      printSummary(read.book.rubric, output)
      output.say(
        `  文字:${languages.join('、')}${one === current ? ';正在使用' : ''}`,
        `  words: ${languages.join(', ')}${one === current ? '; in use' : ''}`,
      )
    } else {
      faults += read.faults.length
      printFileFaults(read.faults, output)
    }
  }
  if (name === undefined && !names.includes(current)) {
    faults += 1
    output.complain(
      `rubric/current:没有名为“${current}”的评分表;现有:${names.join('、') || '(无)'}`,
      `rubric/current: no rubric named "${current}"; there are: ${names.join(', ') || '(none)'}`,
    )
  }
  if (faults === 0)
    output.say(`检查通过:${names.length} 个评分表,没有问题`, `sound: ${names.length} rubric(s), no faults`)
  else output.complain(`共 ${faults} 个问题`, `${faults} fault(s)`)
  return faults === 0 ? EXIT.done : EXIT.faults
}

/** One line a fault: `rubric/x@1.0.0.yaml: scale: …`. */
export function printFileFaults(faults: readonly FileLine[], output: Output): void {
  for (const { file, key, words } of faults) {
    const place = key === '' ? file : `${file}: ${key}`
    output.complain(`${place}:${words.zh}`, `${place}: ${words.en}`)
  }
}
