/** The one text that says how the rubric tool is called. */
export const USAGE = {
  zh: `用法:npm run rubric -- 命令 [参数]

  validate [NAME]                     检查全部(或一个)评分表和问法文件
  show [NAME] [--indicator ID]        列出评分表,或一个指标的全部内容
  export FILE.xlsx [--rubric NAME]    导出为 Excel/WPS 工作簿(--force 覆盖已有文件)
  import FILE.xlsx                    导入填好的工作簿
         --dry-run                    只检查,不写文件
         --use                        导入后设为正在使用
         --out DIR                    写到另一个文件夹(其下的 rubric/ 和 prompts/)
  use NAME                            设为正在使用(机器人重新启动后生效)
  diff A B [--exit-code]              比较两个评分表(NAME、.yaml 或 .xlsx 文件)

  NAME 是“代号@版本”;不写则用正在使用的那个。--lang en 显示英文。

例子:
  npm run rubric -- export 评分表.xlsx
  npm run rubric -- import 评分表.xlsx --dry-run
  npm run rubric -- import 评分表.xlsx --use
  npm run rubric -- diff ljxq-hexie-shequ-draft@0.1.0 评分表.xlsx

退出码:0 成功;1 内容有问题;2 用法不对或文件打不开`,
  en: `Usage: npm run rubric -- COMMAND [ARGUMENTS]

  validate [NAME]                     check all rubrics (or one) and their words
  show [NAME] [--indicator ID]        list a rubric, or all of one indicator
  export FILE.xlsx [--rubric NAME]    write an Excel/WPS workbook (--force overwrites)
  import FILE.xlsx                    read a filled workbook
         --dry-run                    check only, write nothing
         --use                        put it in force afterwards
         --out DIR                    write below another folder (its rubric/ and prompts/)
  use NAME                            put a rubric in force (from the bot's next start on)
  diff A B [--exit-code]              compare two rubrics (NAME, .yaml or .xlsx file)

  NAME is \`id@version\`; without it the one in force is meant. --lang en speaks English.

Examples:
  npm run rubric -- export table.xlsx
  npm run rubric -- import table.xlsx --dry-run
  npm run rubric -- import table.xlsx --use
  npm run rubric -- diff ljxq-hexie-shequ-draft@0.1.0 table.xlsx

Exit codes: 0 done; 1 faults in the content; 2 wrong usage or unreadable file`,
} as const
