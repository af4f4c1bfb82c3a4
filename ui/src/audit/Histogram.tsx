import { Skeleton } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import {
  memo,
  useEffect,
  useId,
  useImperativeHandle,
  useRef,
  useState,
  type KeyboardEvent,
  type PointerEvent,
  type Ref,
} from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditHistogram } from '../backend/types'
import { dateFormat } from '../look/formats'
import { whole } from '../look/numbers'
import { ErrorNote } from '../look/Panels'
import { HistogramHint, spanInWords } from './HistogramHint'
import { layers, stack, sumOf, tickForm, ticks, zoomed } from './histogramScale'
import { useAuditHistogram } from './useAudit'
import type { AuditAsk } from './useAuditQuery'
import css from './Histogram.module.css'

export type HistogramHandle = { focus: () => void }
type Props = { handle: Ref<HistogramHandle>; ask: AuditAsk; leave: () => void }

const height = 56
/** Widths in pixels from which there are so many bars: few steps, so that resizing does not count anew all the time. */
const steps = [
  [1400, 160],
  [900, 120],
  [500, 72],
  [0, 48],
] as const

type Choice = { from: number; to: number }

/** When the events of the query were, by severity. Dragging over it, or Shift and arrows, then Enter, narrows the query. */
export const Histogram = memo(function Histogram({ handle, ask, leave }: Props) {
  const { t } = useTranslation()
  const { ref, width } = useElementSize()
  const wide = width || 1000
  const count = steps.find(([from]) => wide >= from)?.[1] ?? 48
  const answer = useAuditHistogram(ask.asked, ask.taken, count, true)
  const chart = useRef<HTMLDivElement>(null)
  useImperativeHandle(handle, () => ({ focus: () => chart.current?.focus() }))
  return (
    <div ref={ref} className={css.histogram} data-testid="histogram" data-source={answer.data?.source}>
      {answer.isError ? (
        <div className={css.failed}>
          <ErrorNote error={answer.error} testId="histogram-error" />
          <button type="button" className={css.again} onClick={() => void answer.refetch()}>
            {t('retry')}
          </button>
        </div>
      ) : answer.data ? (
        <Chart
          chart={chart}
          data={answer.data}
          width={wide}
          busy={answer.isFetching}
          zoom={({ from, to }) =>
            ask.change((query) => ({ ...query, ...zoomed(answer.data, from, to, query, answer.dataUpdatedAt) }))
          }
          back={ask.back ?? leave}
        />
      ) : (
        <div className={css.loading} role="status" aria-label={t('search.histogram.counting')}>
          {Array.from({ length: 24 }, (_, index) => (
            <Skeleton key={index} height={12 + ((index * 17) % 40)} radius={1} />
          ))}
        </div>
      )}
    </div>
  )
})

type ChartProps = {
  chart: React.RefObject<HTMLDivElement | null>
  data: AuditHistogram
  width: number
  busy: boolean
  zoom: (chosen: Choice) => void
  back: () => void
}

function Chart({ chart, data, width, busy, zoom, back }: ChartProps) {
  const { t, i18n } = useTranslation()
  const id = useId()
  const [at, setAt] = useState(-1)
  const [choice, setChoice] = useState<Choice | null>(null)
  const [hover, setHover] = useState(-1)
  const drag = useRef(false)
  const { buckets } = data
  useEffect(() => {
    setAt(-1)
    setChoice(null)
    setHover(-1)
  }, [data])

  const bar = width / Math.max(1, buckets.length)
  const most = Math.max(1, ...buckets.map(sumOf))
  const label = dateFormat(i18n.language, tickForm(data.step_seconds * buckets.length))
  const cursor = at < 0 ? buckets.length - 1 : at
  const shown = choice ?? (hover >= 0 ? { from: hover, to: hover } : null)

  const go = (chosen: Choice) => {
    setChoice(null)
    zoom(chosen)
  }
  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const move = (to: number) => {
      const next = Math.max(0, Math.min(buckets.length - 1, to))
      setAt(next)
      setHover(-1)
      setChoice(event.shiftKey ? { from: choice?.from ?? cursor, to: next } : { from: next, to: next })
    }
    const page = Math.max(1, Math.round(buckets.length / 10))
    const moves: Record<string, () => void> = {
      ArrowLeft: () => move(cursor - (at < 0 ? 0 : 1)),
      ArrowRight: () => move(cursor + 1),
      PageUp: () => move(cursor - page),
      PageDown: () => move(cursor + page),
      Home: () => move(0),
      End: () => move(buckets.length - 1),
      Enter: () => go(choice ?? { from: cursor, to: cursor }),
      Escape: () => {
        const wide = choice !== null && choice.from !== choice.to
        setChoice(null)
        if (!wide) back()
      },
    }
    const run = moves[event.key]
    if (!run) return
    event.preventDefault()
    event.stopPropagation()
    run()
  }
  const place = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    const part = (event.clientX - box.left) / Math.max(1, box.width)
    return Math.max(0, Math.min(buckets.length - 1, Math.floor(part * buckets.length)))
  }
  const current = buckets[choice?.to ?? cursor]
  if (!buckets.some((bucket) => sumOf(bucket) > 0))
    return <div className={css.nothing}>{t('search.histogram.nothing')}</div>
  return (
    <>
      <div
        ref={chart}
        className={css.chart}
        role="slider"
        tabIndex={0}
        aria-label={t('search.histogram.title')}
        aria-describedby={`${id}-keys`}
        aria-valuemin={0}
        aria-valuemax={buckets.length - 1}
        aria-valuenow={choice?.to ?? cursor}
        aria-valuetext={current && spanInWords(t, i18n.language, data, choice ?? { from: cursor, to: cursor })}
        aria-busy={busy}
        data-busy={busy || undefined}
        onKeyDown={press}
        onBlur={() => setChoice(null)}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          drag.current = true
          event.currentTarget.setPointerCapture?.(event.pointerId)
          const from = place(event)
          setAt(from)
          setChoice({ from, to: from })
        }}
        onPointerMove={(event) => {
          const to = place(event)
          if (drag.current) setChoice((was) => ({ from: was?.from ?? to, to }))
          else setHover(to)
        }}
        onPointerUp={(event) => {
          if (!drag.current) return
          drag.current = false
          const to = place(event)
          go({ from: choice?.from ?? to, to })
        }}
        onPointerCancel={() => {
          drag.current = false
          setChoice(null)
        }}
        onPointerLeave={() => setHover(-1)}
        data-testid="histogram-chart"
        data-buckets={buckets.length}
      >
        <svg width={width} height={height} className={css.bars} aria-hidden>
          <defs>
            {/* Severity is told by the order of the layers and by their texture, colour only helps. */}
            <pattern
              id={`${id}-warning`}
              width="5"
              height="5"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <rect width="5" height="5" className={css.warningGround} />
              <rect width="2" height="5" className={css.warningLine} />
            </pattern>
            <pattern id={`${id}-none`} width="4" height="4" patternUnits="userSpaceOnUse">
              <circle cx="2" cy="2" r="0.9" className={css.noneDot} />
            </pattern>
          </defs>
          {buckets.map((bucket, index) =>
            stack(bucket, most, height).map(({ layer, y, h }) => (
              <rect
                key={`${index} ${layer}`}
                x={index * bar + (bar > 4 ? 0.5 : 0)}
                width={Math.max(1, bar - (bar > 4 ? 1 : 0))}
                y={y}
                height={h}
                className={css[layer]}
                fill={layer === 'warning' || layer === 'none' ? `url(#${id}-${layer})` : undefined}
              />
            )),
          )}
          {shown && (
            <rect
              className={css.choice}
              x={Math.min(shown.from, shown.to) * bar}
              width={(Math.abs(shown.to - shown.from) + 1) * bar}
              y={0}
              height={height}
            />
          )}
        </svg>
        <span className={css.most} aria-hidden>
          {whole(most, i18n.language)}
        </span>
        {shown && (
          <HistogramHint data={data} from={shown.from} to={shown.to} left={((shown.to + 0.5) / buckets.length) * 100} />
        )}
      </div>
      <div className={css.axis} aria-hidden>
        {ticks(buckets.length, Math.max(2, Math.floor(width / 130)))
          // The last one is left out where it would be cut off.
          .filter((tick) => (1 - (tick + 0.5) / buckets.length) * width >= 30)
          .map((tick) => (
            <span key={tick} style={{ left: `${((tick + 0.5) / buckets.length) * 100}%` }}>
              {label.format(new Date(buckets[tick]?.start ?? ''))}
            </span>
          ))}
      </div>
      <p id={`${id}-keys`} className="spoken">
        {t('search.histogram.keys')}
      </p>
      <div className={css.under}>
        <ul className={css.legend}>
          {layers
            .map((layer) => [layer, buckets.reduce((sum, bucket) => sum + bucket[layer], 0)] as const)
            .filter(([, sum]) => sum > 0)
            .map(([layer, sum]) => (
              <li key={layer} data-testid={`histogram-${layer}`} data-count={sum}>
                <svg width="0.625rem" height="0.625rem" viewBox="0 0 10 10" aria-hidden>
                  <rect
                    width="10"
                    height="10"
                    rx="2"
                    className={css[layer]}
                    fill={layer === 'warning' || layer === 'none' ? `url(#${id}-${layer})` : undefined}
                  />
                </svg>
                {layer === 'none' ? t('noSeverity') : t(`severity.${layer}`)}{' '}
                <span className="dim">{whole(sum, i18n.language)}</span>
              </li>
            ))}
        </ul>
        <span className={css.source} role="status" data-testid="histogram-source">
          {busy ? t('search.histogram.counting') : t(`search.source.${data.source}`)}
          {!busy && !data.complete && ` · ${t('search.histogram.incomplete')}`}
        </span>
      </div>
    </>
  )
}
