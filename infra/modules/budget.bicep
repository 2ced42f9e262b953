// What the resource group may cost in a month, and who hears when it is about to cost more. A budget stops nothing.
@description('The amount a month, in the currency of the subscription.')
param amount int

@description('The mail address that hears of it.')
param mailAddress string

@description('The first of a month.')
param startDate string

resource budget 'Microsoft.Consumption/budgets@2023-11-01' = {
  name: 'maintenance'
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: startDate
    }
    notifications: {
      forecast: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: [mailAddress]
      }
      actual: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: [mailAddress]
      }
    }
  }
}
