import { Radio } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Colour } from '../backend/types'
import { ConnectionDot } from '../look/ConnectionMark'
import css from './ColourPicker.module.css'

const colours: Colour[] = ['slate', 'blue', 'green', 'violet', 'teal', 'red']

export function ColourPicker({ colour, change }: { colour: Colour; change: (colour: Colour) => void }) {
  const { t } = useTranslation()
  return (
    <Radio.Group
      label={t('firstRun.administrator.colour')}
      value={colour}
      onChange={(value) => change(value as Colour)}
      size="sm"
    >
      <div className={css.colours}>
        {colours.map((each) => (
          <Radio
            key={each}
            value={each}
            data-testid={`colour-${each}`}
            label={
              <span className={css.colour}>
                <ConnectionDot colour={each} size={12} />
                {t(`colour.${each}`)}
              </span>
            }
          />
        ))}
      </div>
    </Radio.Group>
  )
}
