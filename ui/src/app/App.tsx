import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { useState } from 'react'
import { cssVariables, theme } from '../look/theme'
import { Gate } from './Gate'
import { makeQueryClient } from './queries'

export function App() {
  const [client] = useState(makeQueryClient)
  return (
    <QueryClientProvider client={client}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <Gate />
      </MantineProvider>
    </QueryClientProvider>
  )
}
