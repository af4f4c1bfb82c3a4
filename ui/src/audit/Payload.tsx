import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { whole } from '../look/numbers'
import { visible } from '../look/visible'
import { layOut } from './rawJson'
import css from './Payload.module.css'

/** More would keep the window busy for seconds, and nobody reads it here. */
const drawn = { pieces: 10_000, characters: 100_000 }

/** The payload as Postgres prints it, laid out. Characters that would hide or reorder text are shown by their code. */
export function Payload({ text, label }: { text: string; label: string }) {
  const { t, i18n } = useTranslation()
  const { pieces, cut } = useMemo(() => layOut(text, drawn), [text])
  return (
    <>
      <pre className={css.payload} tabIndex={0} aria-label={label} data-testid="payload">
        {pieces.map((piece, index) =>
          piece.kind === 'space' || piece.kind === 'mark' ? (
            piece.text
          ) : (
            <span key={index} data-kind={piece.kind}>
              {visible(piece.text)}
            </span>
          ),
        )}
      </pre>
      {cut && (
        <p className={css.cut} data-testid="payload-cut">
          {t('search.detail.cut', { n: whole(text.length, i18n.language) })}
        </p>
      )}
    </>
  )
}
