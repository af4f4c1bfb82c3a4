import type { Connection } from '../backend/types'
import css from './ConnectionMark.module.css'

/** The colour that the operator gave a connection; its name always stands beside it. */
export function ConnectionDot({ colour, size = 10 }: { colour: Connection['colour']; size?: number }) {
  const side = `${size / 16}rem`
  return <span className={css.dot} data-colour={colour} style={{ width: side, height: side }} aria-hidden />
}
