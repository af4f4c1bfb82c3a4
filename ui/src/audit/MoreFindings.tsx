import '../i18n/later'
import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { FindingsCut } from '../backend/types'
import { whole } from '../look/numbers'
import css from './Findings.module.css'

type Props = {
  cut: FindingsCut[]
  open: (query: string) => void
  /** To the settings of the rules. */
  tune: () => void
}

/** The rules that found more than is shown. */
export function MoreFindings({ cut, open, tune }: Props) {
  const { t, i18n } = useTranslation()
  return (
    <div className={css.cut} role="status">
      {cut.map(({ rule, shown, query }) => (
        <div key={rule} className={css.cutRule} data-testid={`findings-more-${rule}`}>
          <p className={css.late}>
            {t('search.findings.cut', {
              rule: t(`search.findings.name.${rule}`),
              count: shown,
              n: whole(shown, i18n.language),
            })}
          </p>
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => open(query)}
            data-testid={`findings-more-${rule}-open`}
          >
            {t('search.findings.cutOpen')}
          </Button>
        </div>
      ))}
      <div className={css.cutRule}>
        <p className={`${css.late} dim`}>{t('search.findings.cutHint')}</p>
        <Button variant="subtle" size="compact-sm" onClick={tune} data-testid="findings-more-tune">
          {t('search.findings.tune')}
        </Button>
      </div>
    </div>
  )
}
