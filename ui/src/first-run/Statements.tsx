import { useTranslation } from 'react-i18next'
import type { StatementClass } from '../backend/types'
import page from './FirstRun.module.css'

/** Which statements of the legacy program go on after the take-over, and which stop. */
export function Statements({ classes }: { classes: StatementClass[] }) {
  const { t } = useTranslation()
  const list = (goesOn: boolean) => (
    <ul data-testid={goesOn ? 'statements-go-on' : 'statements-stop'}>
      {classes
        .filter((each) => each.goes_on === goesOn)
        .map((each) => (
          <li key={each.code}>{t(`adoption.statement.${each.code}`)}</li>
        ))}
    </ul>
  )
  return (
    <section className={page.section}>
      <h2 className={page.heading}>{t('firstRun.inspection.statements')}</h2>
      <p className="soft">{t('firstRun.inspection.stop')}</p>
      {list(false)}
      <p className="soft">{t('firstRun.inspection.goOn')}</p>
      {list(true)}
    </section>
  )
}
