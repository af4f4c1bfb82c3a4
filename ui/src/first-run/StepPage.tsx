import { useEffect, useRef, type ReactNode } from 'react'
import css from './FirstRun.module.css'

/** One page of the assistant. Its heading takes the focus, so that the keyboard and a screen reader start there. */
export function StepPage({ title, text, children }: { title: string; text?: string; children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className={css.page}>
      <div>
        <h1 ref={heading} tabIndex={-1} className={css.title}>
          {title}
        </h1>
        {text && <p className={css.lead}>{text}</p>}
      </div>
      {children}
    </div>
  )
}

export function StepActions({ children }: { children: ReactNode }) {
  return <div className={css.actions}>{children}</div>
}
