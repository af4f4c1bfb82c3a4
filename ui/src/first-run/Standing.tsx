import { useTranslation } from 'react-i18next'
import type { Taken } from '../backend/types'
import { visible } from '../look/visible'
import { When } from '../look/When'
import css from './FirstRun.module.css'

/** Of a database that was adopted: when, by whom, and what is possible now. */
export function Standing({ taken }: { taken: Taken | null }) {
  const { t } = useTranslation()
  const s = (key: string) => t(`firstRun.inspection.standing.${key}`)
  if (taken === null) return <p data-testid="standing">{s('unseen')}</p>
  return (
    <section className={css.section} data-testid="standing">
      <p>
        {s('at')} <When at={taken.at} />
        {taken.by !== null && (
          <>
            {' · '}
            {s('by')} <span className="mono">{visible(taken.by)}</span>
          </>
        )}
        <br />
        {taken.finished_at !== null ? (
          <>
            {s('finished')} <When at={taken.finished_at} />. {s('noWayBack')}
          </>
        ) : (
          s(taken.can_be_undone ? 'undoable' : 'workspace')
        )}
        {!taken.completed && (
          <>
            <br />
            {s('noAdministrator')}
          </>
        )}
      </p>
    </section>
  )
}
