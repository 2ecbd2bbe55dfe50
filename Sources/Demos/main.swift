print("Demos")
