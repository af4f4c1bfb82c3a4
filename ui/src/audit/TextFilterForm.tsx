import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './FilterChip.module.css'

type Props = {
  name: 'actor' | 'ip'
  start: string
  label: string
  hint?: string
  /** What is wrong with it, in words; null when it may be applied. */
  fault?: (text: string) => string | null
  apply: (text: string) => void
}

export function TextFilterForm({ name, start, label, hint, fault, apply }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState(start)
  const [wrong, setWrong] = useState<string | null>(null)
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    const trimmed = text.trim()
    const reason = trimmed === '' ? null : (fault?.(trimmed) ?? null)
    setWrong(reason)
    if (reason === null) apply(trimmed)
  }
  return (
    <form className={css.form} onSubmit={submit}>
      <TextInput
        data-autofocus
        label={label}
        description={hint}
        value={text}
        error={wrong}
        onChange={(event) => setText(event.currentTarget.value)}
        spellCheck={false}
        autoComplete="off"
        data-testid={`filter-${name}-input`}
      />
      <Button type="submit" data-testid={`filter-${name}-apply`}>
        {t('audit.filter.apply')}
      </Button>
    </form>
  )
}
