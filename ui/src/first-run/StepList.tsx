import { useTranslation } from 'react-i18next'
import css from './FirstRun.module.css'

export type StepName = 'choose' | 'connect' | 'inspect' | 'apply' | 'administrator' | 'kit' | 'env'

const local: StepName[] = ['choose', 'apply', 'administrator', 'kit']
const remote: StepName[] = ['choose', 'connect', 'inspect', 'apply', 'administrator', 'kit']

/** Where one is. Not links: a later page depends on what an earlier one did. */
export function StepList({ kind, current, env }: { kind: 'local' | 'remote'; current: StepName; env: boolean }) {
  const { t } = useTranslation()
  const all = kind === 'local' ? local : env ? [...remote, 'env' as const] : remote
  const at = all.indexOf(current)
  return (
    <ol className={css.steps} aria-label={t('firstRun.steps')}>
      {all.map((name, index) => (
        <li
          key={name}
          data-current={index === at || undefined}
          data-over={index < at || undefined}
          aria-current={index === at ? 'step' : undefined}
        >
          <span className={css.stepNumber}>{index + 1}</span>
          {t(`firstRun.stepName.${name}`)}
        </li>
      ))}
    </ol>
  )
}
