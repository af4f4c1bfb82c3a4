import { IconAdjustmentsHorizontal, IconGauge, IconListDetails, type Icon } from '@tabler/icons-react'

export type Screen = {
  id: 'overview' | 'audit' | 'settings'
  icon: Icon
  keys: string
  permission: string | null
}

/** The screens there are, in the order of the navigation. One whose work comes later is not listed. */
export const screens: Screen[] = [
  { id: 'overview', icon: IconGauge, keys: 'g o', permission: null },
  { id: 'audit', icon: IconListDetails, keys: 'g a', permission: 'audit.list' },
  { id: 'settings', icon: IconAdjustmentsHorizontal, keys: 'g s', permission: null },
]
