import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { AuditHistogram } from '../backend/types'
import { dateFormat } from '../look/formats'
import { whole } from '../look/numbers'
import { layers, periodOf } from './histogramScale'
import css from './Histogram.module.css'

/** Year and seconds where they tell something. */
function times(locale: string, data: AuditHistogram, from: number, to: number): string {
  const period = periodOf(data, from, to)
  if (!period) return ''
  const thisYear = new Date().getFullYear()
  const one = (instant: string) => {
    const date = new Date(instant)
    return dateFormat(locale, {
      day: 'numeric',
      month: 'short',
      ...(date.getFullYear() !== thisYear && { year: 'numeric' }),
      hour: '2-digit',
      minute: '2-digit',
      ...(data.step_seconds < 600 && { second: '2-digit' }),
      hourCycle: 'h23',
    }).format(date)
  }
  return `${one(period.after)} – ${one(period.before)}`
}

function sums({ buckets }: AuditHistogram, from: number, to: number) {
  const inside = buckets.slice(Math.min(from, to), Math.max(from, to) + 1)
  return layers
    .map((layer) => [layer, inside.reduce((sum, bucket) => sum + bucket[layer], 0)] as const)
    .filter(([, sum]) => sum > 0)
}

/** What the chosen bars stand for, as a screen reader says it. */
export function spanInWords(
  t: TFunction,
  locale: string,
  data: AuditHistogram,
  { from, to }: { from: number; to: number },
): string {
  const found = sums(data, from, to)
  const total = found.reduce((sum, [, each]) => sum + each, 0)
  const parts = found.map(
    ([layer, sum]) => `${layer === 'none' ? t('noSeverity') : t(`severity.${layer}`)} ${whole(sum, locale)}`,
  )
  return [times(locale, data, from, to), t('audit.count', { count: total, n: whole(total, locale) }), ...parts].join(
    '; ',
  )
}

export function HistogramHint({
  data,
  from,
  to,
  left,
}: {
  data: AuditHistogram
  from: number
  to: number
  left: number
}) {
  const { t, i18n } = useTranslation()
  const found = sums(data, from, to)
  const total = found.reduce((sum, [, each]) => sum + each, 0)
  return (
    <div
      className={css.hint}
      // Towards the middle, so that it never leaves the screen.
      style={left < 50 ? { left: `${left}%` } : { right: `${100 - left}%` }}
      aria-hidden
      data-testid="histogram-hint"
    >
      <div>{times(i18n.language, data, from, to)}</div>
      <strong>{t('audit.count', { count: total, n: whole(total, i18n.language) })}</strong>
      {found.map(([layer, sum]) => (
        <div key={layer} className={css.hintLine}>
          <span>{layer === 'none' ? t('noSeverity') : t(`severity.${layer}`)}</span>
          <span>{whole(sum, i18n.language)}</span>
        </div>
      ))}
    </div>
  )
}
