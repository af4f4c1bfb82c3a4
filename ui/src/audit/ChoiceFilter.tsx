import { Checkbox, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FilterChip } from './FilterChip'
import css from './FilterChip.module.css'

type Option = { value: string; label: string; hint?: string }
type Props = {
  name: 'type' | 'severity' | 'outcome' | 'tenant'
  options: Option[]
  chosen: string[]
  change: (chosen: string[]) => void
  /** With a field to search the options, labelled like this. */
  find?: string | undefined
}

/** Several of a list. Each tick takes effect at once. */
export function ChoiceFilter({ name, options, chosen, change, find }: Props) {
  const { t } = useTranslation()
  const labels = options.filter((option) => chosen.includes(option.value)).map((option) => option.label)
  const [first, ...others] = labels
  const value =
    first === undefined
      ? null
      : others.length === 0
        ? first
        : t('audit.filter.several', { first, count: others.length })
  return (
    <FilterChip name={name} value={value} clear={() => change([])} width={find ? 300 : 220}>
      {() => <Options name={name} options={options} chosen={chosen} change={change} find={find} />}
    </FilterChip>
  )
}

function Options({ name, options, chosen, change, find }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState('')
  const wanted = text.trim().toLocaleLowerCase()
  const shown = options.filter((option) => `${option.label} ${option.hint ?? ''}`.toLocaleLowerCase().includes(wanted))
  const toggle = (value: string) =>
    change(chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value])
  return (
    <div className={css.form}>
      {find && (
        <TextInput
          size="xs"
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder={find}
          aria-label={find}
          data-testid={`filter-${name}-find`}
          onKeyDown={(event) => {
            const only = shown[0]
            if (event.key === 'Enter' && only) toggle(only.value)
          }}
        />
      )}
      <div className={css.options}>
        {shown.map((option) => (
          <Checkbox
            key={option.value}
            className={css.option}
            label={option.label}
            description={option.hint && option.hint !== option.label ? option.hint : undefined}
            checked={chosen.includes(option.value)}
            onChange={() => toggle(option.value)}
            data-testid={`filter-${name}-${option.value}`}
          />
        ))}
        {shown.length === 0 && <div className={`dim ${css.option}`}>{t('audit.filter.noMatch')}</div>}
      </div>
    </div>
  )
}
