import { useTranslation } from 'react-i18next'
import type { PassphraseStrength } from '../backend/types'
import { isAccepted } from './usePassphrase'
import css from './StrengthMeter.module.css'

export function StrengthMeter({ strength }: { strength: PassphraseStrength | null }) {
  const { t } = useTranslation()
  const score = strength?.score ?? -1
  const warning = strength?.warning ? t(`firstRun.strength.warning.${strength.warning}`, { defaultValue: '' }) : ''
  return (
    <div className={css.meter} data-score={score} data-testid="strength" role="status">
      <span className={css.bars} aria-hidden>
        {[1, 2, 3, 4].map((bar) => (
          <span key={bar} className={css.bar} data-on={score >= bar || undefined} />
        ))}
      </span>
      <span className={css.text}>
        {score < 0 ? (
          <span className="dim">{t('firstRun.administrator.passphraseHint')}</span>
        ) : (
          <>
            <strong>{t(`firstRun.strength.s${score}`)}</strong> {warning}{' '}
            {!isAccepted(strength) && <span className="soft">{t('firstRun.strength.need')}</span>}
          </>
        )}
      </span>
    </div>
  )
}
