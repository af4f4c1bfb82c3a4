import { useState } from 'react'
import type { KitChallenge } from '../backend/types'
import { KitConfirm } from './KitConfirm'
import { KitShow } from './KitShow'

type Props = { challenge: KitChallenge; name: string; confirmed: () => void }

/** The words are in this component's props and nowhere else: when it goes, they are gone. */
export function KitStep({ challenge, name, confirmed }: Props) {
  const [asking, setAsking] = useState(false)
  if (asking) return <KitConfirm ask={challenge.ask} back={() => setAsking(false)} confirmed={confirmed} />
  return <KitShow challenge={challenge} name={name} next={() => setAsking(true)} />
}
