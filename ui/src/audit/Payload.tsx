import { useMemo } from 'react'
import { visible } from '../look/visible'
import { layOut } from './rawJson'
import css from './Payload.module.css'

/** The payload as Postgres prints it, laid out. Characters that would hide or reorder text are shown by their code. */
export function Payload({ text, label }: { text: string; label: string }) {
  const pieces = useMemo(() => layOut(text), [text])
  return (
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
  )
}
