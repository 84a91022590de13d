module gridpact.example/generator

go 1.25.0
